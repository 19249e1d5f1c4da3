#!/bin/bash
# Gives the cluster what every other service relies on: the registry's pull Secret and the list of hosts.

cd "$(dirname "$0")" || exit $?

kubectl apply -f registry-secret.yaml -f host-configuration.yaml || exit $?
