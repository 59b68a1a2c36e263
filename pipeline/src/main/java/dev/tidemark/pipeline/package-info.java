/** From usage events to hourly and daily rollups that stay true. */
package dev.tidemark.pipeline;
