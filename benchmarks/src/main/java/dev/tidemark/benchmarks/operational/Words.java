package dev.tidemark.benchmarks.operational;

/** Plain words that texts to be searched are made of. */
final class Words {
  private static final String[] ALL =
      ("account alert answer archive article assess audit balance batch billing brief budget"
              + " calendar campaign carrier catalogue claim classify clean collect compare compile"
              + " complaint contact contract convert customer daily deadline deliver design digest"
              + " discount dispatch document draft enrich escalate estimate event evidence expense"
              + " export extract feedback field forecast format fraud freight guide handover hiring"
              + " import incident index inquiry insight inspect insurance inventory invoice journal"
              + " label language lead ledger legal letter library licence listing market match"
              + " meeting member memo merge message metric minutes monitor monthly negotiate notice"
              + " offer onboard order outline partner patent payment payroll permit plan policy"
              + " portfolio prepare price privacy process product profile project promotion"
              + " proposal purchase quality quarterly query quote receipt recommend reconcile record"
              + " recruit redact refund register release remind renewal report request research"
              + " resolve return review revise risk route safety sales sample schedule score"
              + " screen search secure segment sentiment settle shipment sign site sort source"
              + " statement stock summary supplier support survey tariff task tax template tender"
              + " ticket timeline title track training transcribe transfer translate travel trend"
              + " triage update usage validate vendor verify visit voucher warehouse warranty"
              + " weekly workshop yield zone")
          .split(" ");

  private Words() {}

  /** Some words, chosen by random bits, with a space between each two. */
  static String of(long random, int count) {
    StringBuilder text = new StringBuilder();
    long bits = random;
    for (int word = 0; word < count; word++) {
      bits = Identifiers.mix(bits + word);
      text.append(word == 0 ? "" : " ").append(ALL[Math.floorMod(bits, ALL.length)]);
    }
    return text.toString();
  }
}
