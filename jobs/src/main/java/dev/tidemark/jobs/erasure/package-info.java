/** {@code job erase}: takes a subject's data out of the lake. */
package dev.tidemark.jobs.erasure;
