package dev.tidemark.migrator;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tidemark.migrator.failure.UserFailure;

@AnalyzeClasses(
    packages = "dev.tidemark.migrator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class MigratorRulesTest {
  @ArchTest
  static final ArchRule onlyTheConsoleTouchesTheStandardStreams =
      noClasses()
          .that()
          .resideOutsideOfPackages("..console..", "..cli..")
          .should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.tidemark.migrator.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theFolderFormatKnowsNoDatabase =
      noClasses()
          .that()
          .resideInAnyPackage("..changeset..", "..failure..", "..settings..", "..console..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.postgresql..", "org.flywaydb..");

  @ArchTest
  static final ArchRule thereIsNoSpark =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "io.delta..", "scala..");

  @ArchTest
  static final ArchRule onlyOneClassNeedsTheEmbeddedPrograms =
      noClasses()
          .that()
          .doNotHaveSimpleName("PostgresBinaries")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.zonky..", "org.apache.commons..", "org.tukaani..");

  @ArchTest
  static final ArchRule flywayStaysInOnePackage =
      noClasses()
          .that()
          .resideOutsideOfPackage("..operation..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.flywaydb..");

  @ArchTest
  static final ArchRule failuresOfUsersAreBornInTheirFactories =
      classes()
          .that()
          .areAssignableTo(UserFailure.class)
          .should()
          .resideInAnyPackage("..failure..", "..settings..");

  /** So that jobs of other modules may use it. */
  @ArchTest
  static final ArchRule theGovernorKnowsNothingOfTheMigrator =
      noClasses()
          .that()
          .resideInAPackage("..governor..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.tidemark.migrator..")
                  .and(not(resideInAnyPackage("..governor..", "..settings..", "..sql.."))));

  @ArchTest
  static final ArchRule theControlLawKnowsNoDatabase =
      noClasses()
          .that()
          .haveSimpleName("Governor")
          .or()
          .haveSimpleName("LatencyRatio")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "dev.tidemark.migrator.sql..");
}
