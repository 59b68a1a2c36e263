/** SQL kept in resource files beside the classes that run it. */
package dev.tidemark.pipeline.sql;
