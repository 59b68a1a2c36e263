package dev.tidemark.migrator.console;

import dev.tidemark.migrator.failure.ExitCode;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The exit codes that a command gives of its own, listed in its help. Those that every command can
 * give (done, defect, usage, interrupted) are listed without being named here.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Exits {
  /** Beyond those of every command. */
  ExitCode[] value();
}
