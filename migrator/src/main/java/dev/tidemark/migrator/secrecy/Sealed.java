package dev.tidemark.migrator.secrecy;

/**
 * An encrypted value as it is stored.
 *
 * @param ciphertext for the column {@code *_ciphertext}
 * @param keyId for the key id column beside it: the key of the keyset that wraps the value's own
 */
@SuppressWarnings("ArrayRecordComponent")
public record Sealed(byte[] ciphertext, String keyId) {
  @Override
  public String toString() {
    return ciphertext.length + " bytes under key " + keyId;
  }
}
