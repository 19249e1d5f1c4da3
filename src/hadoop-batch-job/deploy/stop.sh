#!/bin/bash

kubectl delete --ignore-not-found --cascade=foreground --timeout=60s job/hadoop-batch-job || exit $?
kubectl delete --ignore-not-found configmap/hadoop-batch-job-configuration || exit $?
