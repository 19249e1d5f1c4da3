#!/bin/bash
# Ends when the pods are gone. The data stays.

kubectl delete --ignore-not-found --cascade=foreground --timeout=120s deployment/hadoop-name-node || exit $?
kubectl delete --ignore-not-found configmap/hadoop-name-node-configuration || exit $?
