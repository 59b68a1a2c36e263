/** Erases what a lake holds of a person or an organization (EX-21). */
package dev.tidemark.pipeline.erasure;
