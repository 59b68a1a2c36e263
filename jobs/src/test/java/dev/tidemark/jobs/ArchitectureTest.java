package dev.tidemark.jobs;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.constructors;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tidemark.migrator.failure.UserFailure;

/** The rules of the house: which way modules point, and who speaks to the user. */
@AnalyzeClasses(
    packages = "dev.tidemark",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ArchitectureTest.DoNotIncludeTestJars.class
    })
class ArchitectureTest {
  /** Other modules' tests come as a jar. */
  static final class DoNotIncludeTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  @ArchTest
  static final ArchRule THE_MIGRATOR_KNOWS_NO_OTHER_MODULE_AND_NO_SPARK =
      noClasses()
          .that()
          .resideInAPackage("dev.tidemark.migrator..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.tidemark.pipeline..",
              "dev.tidemark.jobs..",
              "org.apache.spark..",
              "io.delta..",
              "scala..");

  @ArchTest
  static final ArchRule THE_PIPELINE_DOES_NOT_KNOW_THE_JOBS =
      noClasses()
          .that()
          .resideInAPackage("dev.tidemark.pipeline..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.tidemark.jobs..");

  @ArchTest
  static final ArchRule THE_PIPELINE_USES_LITTLE_OF_THE_MIGRATOR =
      noClasses()
          .that()
          .resideInAPackage("dev.tidemark.pipeline..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.tidemark.migrator..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "dev.tidemark.migrator.changeset..",
                              "dev.tidemark.migrator.failure..",
                              "dev.tidemark.migrator.governor..",
                              "dev.tidemark.migrator.settings..",
                              "dev.tidemark.migrator.telemetry.."))));

  @ArchTest
  static final ArchRule PACKAGES_FORM_NO_CYCLES =
      slices().matching("dev.tidemark.(*).(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule ONLY_COMMANDS_SPEAK_TO_THE_USER =
      noClasses()
          .that()
          .resideOutsideOfPackages("..cli..", "..console..", "..sql..")
          .should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule ONLY_FACTORIES_MAKE_FAILURES =
      constructors()
          .that()
          .areDeclaredInClassesThat()
          .areAssignableTo(UserFailure.class)
          .should()
          .notBePublic();
}
