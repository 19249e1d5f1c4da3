#!/bin/bash

cd "$(dirname "$0")" || exit $?

kubectl delete --ignore-not-found -f registry-secret.yaml -f host-configuration.yaml || exit $?
