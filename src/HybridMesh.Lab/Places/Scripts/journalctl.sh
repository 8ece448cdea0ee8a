#!/bin/bash
# A stand-in for journalctl on a VM of the practice lab: what the stand-in of systemctl wrote down of each unit.
journal=/var/log/hybridmesh-journal
units=() lines= output=short follow= reverse=
add() { case $1 in *.*) units+=("$1") ;; *) units+=("$1.service") ;; esac; }
while [ $# -gt 0 ]; do
    case $1 in
        -u|--unit) add "$2"; shift ;;
        --unit=*) add "${1#*=}" ;;
        -n|--lines) if [[ $2 =~ ^([0-9]+|all)$ ]]; then lines=$2; shift; else lines=10; fi ;;
        --lines=*) lines=${1#*=} ;;
        -n*) lines=${1#-n} ;;
        -o|--output) output=$2; shift ;;
        --output=*) output=${1#*=} ;;
        -S|--since|-U|--until|-t|--identifier|-p|--priority|-g|--grep) shift ;;
        -f|--follow) follow=1 ;;
        -r|--reverse) reverse=1 ;;
        --*) ;;
        -*u) add "$2"; [ -n "$lines" ] || lines=1000; shift ;;
        *) ;;
    esac
    shift
done
files=("$journal"/*.log)
[ ${#units[@]} -eq 0 ] || { files=("${units[@]/#/$journal/}"); files=("${files[@]/%/.log}"); }
existing=()
for file in "${files[@]}"; do [ -f "$file" ] && existing+=("$file"); done
[ ${#existing[@]} -gt 0 ] || { echo '-- No entries --'; exit 0; }
[ -z "$follow" ] || exec tail -n "${lines:-10}" -f "${existing[@]}"
cat "${existing[@]}" |
    if [ -n "$lines" ] && [ "$lines" != all ]; then tail -n "$lines"; else cat; fi |
    if [ -n "$reverse" ]; then tac; else cat; fi |
    if [ "$output" = cat ]; then sed -E 's/^[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} [^ ]+ [^ ]+: //'; else cat; fi
