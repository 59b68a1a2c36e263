"""Tidemark's hourly rollup and nightly proof, submitted to a Spark cluster.

Retries suit the exit codes: 4 (out of reach), 5 (busy) and 7 (stopped part-way) are mended by
another run; 2 (configuration), 3 (refused) and 6 (a mismatch) need a person, and no retry.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.exceptions import AirflowFailException
from airflow.operators.python import PythonOperator

import subprocess

SUBMIT = [
    "spark-submit",
    "--master", "spark://spark-master:7077",
    "--packages", "io.delta:delta-spark_4.2_2.13:4.4.0",
    "--class", "dev.tidemark.jobs.TidemarkJobs",
    "/opt/tidemark/tidemark-jobs.jar",
]
FOR_A_PERSON = {2, 3, 6}


def run(job):
    code = subprocess.run(SUBMIT + [job, "--config", "/etc/tidemark.conf", "--json"]).returncode
    if code in FOR_A_PERSON:
        raise AirflowFailException(f"tidemark job {job} ended with {code}")
    if code != 0:
        raise RuntimeError(f"tidemark job {job} ended with {code}; it will be tried again")


with DAG(
    "tidemark_rollup",
    schedule="7 * * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,  # a run takes all that waits, however many hours were missed
    max_active_runs=1,
    default_args={
        "retries": 3,
        "retry_delay": timedelta(minutes=2),
        "retry_exponential_backoff": True,
    },
) as rollup:
    PythonOperator(task_id="rollup", python_callable=run, op_args=["rollup"])

with DAG(
    "tidemark_reconcile",
    schedule="37 2 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
) as reconcile:
    PythonOperator(task_id="reconcile", python_callable=run, op_args=["reconcile"])
