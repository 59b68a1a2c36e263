package dev.tidemark.migrator.secrecy;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.KmsEnvelopeAead;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The keys that sensitive values are encrypted with: a Tink keyset of AES-256-GCM keys, of which
 * one, the primary, encrypts, and all decrypt. Immutable and thread-safe.
 *
 * <p>Every value is encrypted with a data key of its own, which is encrypted with the primary key
 * and stored in front of the value (envelope encryption).
 */
public final class Keyset {
  static {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final KeysetHandle handle;
  private final Aead envelope;

  private Keyset(KeysetHandle handle) throws GeneralSecurityException {
    for (int i = 0; i < handle.size(); i++) {
      if (!handle.getAt(i).getKey().getParameters().equals(PredefinedAeadParameters.AES256_GCM)) {
        throw new GeneralSecurityException("A key that is not AES-256-GCM");
      }
    }
    this.handle = handle;
    Aead wrapping = handle.getPrimitive(RegistryConfiguration.get(), Aead.class);
    this.envelope = KmsEnvelopeAead.create(PredefinedAeadParameters.AES256_GCM, wrapping);
  }

  /** A keyset of one new key. */
  static Keyset create() {
    return built(builder -> builder.addEntry(newKey().makePrimary()), KeysetHandle.newBuilder());
  }

  /**
   * Reads a keyset from Tink's JSON form, or that in base64.
   *
   * @throws GeneralSecurityException if it is no keyset of keys that encrypt
   */
  static Keyset parse(String text) throws GeneralSecurityException {
    String stripped = text.strip();
    String json =
        stripped.startsWith("{")
            ? stripped
            : new String(Base64.getMimeDecoder().decode(stripped), StandardCharsets.UTF_8);
    return new Keyset(
        TinkJsonProtoKeysetFormat.parseKeyset(
            json, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
  }

  /** The keyset in base64 of Tink's JSON form: secret. */
  String serialized() {
    try {
      String json =
          TinkJsonProtoKeysetFormat.serializeKeyset(
              handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get());
      return Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The same with one new key, which decrypts only until it is promoted. */
  Keyset withNewKey() {
    return built(builder -> builder.addEntry(newKey()), KeysetHandle.newBuilder(handle));
  }

  /**
   * The same keys with another primary.
   *
   * @param keyId one of {@link #keyIds}
   */
  Keyset withPrimary(String keyId) {
    return built(
        builder -> {
          for (int i = 0; i < handle.size(); i++) {
            if (id(handle.getAt(i)).equals(keyId)) {
              builder.getAt(i).makePrimary();
            }
          }
        },
        KeysetHandle.newBuilder(handle));
  }

  /** The same without one key, which is not the primary. */
  Keyset without(String keyId) {
    return built(
        builder -> {
          for (int i = handle.size() - 1; i >= 0; i--) {
            if (id(handle.getAt(i)).equals(keyId)) {
              builder.deleteAt(i);
            }
          }
        },
        KeysetHandle.newBuilder(handle));
  }

  /** The id of the key that encrypts, a number as text. */
  public String primaryKeyId() {
    return id(handle.getPrimary());
  }

  /** The ids of all keys that decrypt, in the order of the keyset. */
  public Set<String> keyIds() {
    Set<String> ids = new LinkedHashSet<>();
    for (int i = 0; i < handle.size(); i++) {
      if (handle.getAt(i).getStatus() == KeyStatus.ENABLED) {
        ids.add(id(handle.getAt(i)));
      }
    }
    return ids;
  }

  /** Encrypts a value for one place. Two calls never give the same bytes. */
  public Sealed seal(Cell cell, byte[] value) {
    try {
      return new Sealed(envelope.encrypt(value, cell.associatedData()), primaryKeyId());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Encrypting " + cell, e);
    }
  }

  /** Encrypts a text, as UTF-8, for one place. */
  public Sealed seal(Cell cell, String value) {
    return seal(cell, value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Decrypts the value of a place.
   *
   * @throws GeneralSecurityException if no key of the keyset fits, or the bytes were altered or
   *     come from another place
   */
  public byte[] open(Cell cell, byte[] ciphertext) throws GeneralSecurityException {
    return envelope.decrypt(ciphertext, cell.associatedData());
  }

  /** Names the keys by their ids only. */
  @Override
  public String toString() {
    return "keys " + keyIds() + ", primary " + primaryKeyId();
  }

  private static KeysetHandle.Builder.Entry newKey() {
    return KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
        .withRandomId();
  }

  private static Keyset built(Consumer<KeysetHandle.Builder> change, KeysetHandle.Builder builder) {
    try {
      change.accept(builder);
      return new Keyset(builder.build());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String id(KeysetHandle.Entry entry) {
    return Integer.toUnsignedString(entry.getId());
  }
}
