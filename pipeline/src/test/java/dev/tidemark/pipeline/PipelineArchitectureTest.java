package dev.tidemark.pipeline;

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
    packages = "dev.tidemark.pipeline",
    importOptions = ImportOption.DoNotIncludeTests.class)
class PipelineArchitectureTest {
  @ArchTest
  static final ArchRule pureArithmeticKnowsNeitherSparkNorJdbc =
      noClasses()
          .that()
          .resideInAnyPackage("..anomaly..", "..histogram..", "..kernel..", "..window..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache..",
              "io.delta..",
              "scala..",
              "java.sql..",
              "javax.sql..",
              "org.postgresql..");

  @ArchTest
  static final ArchRule nobodyTouchesTheStandardStreams =
      noClasses().should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.tidemark.pipeline.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule littleOfTheMigratorIsUsed =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("dev.tidemark.migrator..")
                  .and(
                      not(
                          resideInAnyPackage(
                              "dev.tidemark.migrator.changeset..",
                              "dev.tidemark.migrator.failure..",
                              "dev.tidemark.migrator.governor..",
                              "dev.tidemark.migrator.settings.."))));

  @ArchTest
  static final ArchRule failuresOfUsersAreBornInTheirFactory =
      classes().that().areAssignableTo(UserFailure.class).should().resideInAPackage("..failure..");
}
