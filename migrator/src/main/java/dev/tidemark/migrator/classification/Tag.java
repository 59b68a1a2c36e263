package dev.tidemark.migrator.classification;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How sensitive a column is. */
public enum Tag {
  /** May be shown to anybody. */
  PUBLIC,
  /** For the operators of the platform and the organization that it is about. */
  INTERNAL,
  /** The organization's own business: what it does, spends and calls things. */
  CONFIDENTIAL,
  /** About a person who can be identified with it. */
  PERSONAL,
  /** Opens something. */
  SECRET;

  private static final Pattern AT_THE_END =
      Pattern.compile(
          "\\s*\\[(%s)]$"
              .formatted(Arrays.stream(values()).map(Tag::word).collect(Collectors.joining("|"))));

  /** The tag in small letters. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A column's comment with this tag at its end, in place of one that it may have. */
  public String appendedTo(String comment) {
    return (without(comment) + " [" + word() + "]").strip();
  }

  /** The comment without the tag at its end. */
  public static String without(String comment) {
    return AT_THE_END.matcher(comment).replaceFirst("");
  }

  /** The tag at the end of a comment. */
  public static Optional<Tag> in(String comment) {
    Matcher matcher = AT_THE_END.matcher(comment);
    return matcher.find()
        ? Optional.of(valueOf(matcher.group(1).toUpperCase(Locale.ROOT)))
        : Optional.empty();
  }
}
