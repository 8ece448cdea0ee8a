status() {
    local unit=$1 state
    known "$unit" || [ -d "$store/$unit" ] || { echo "Unit $unit could not be found." >&2; return 4; }
    state=$(active_state "$unit")
    parse < <(text "$unit")
    echo "● $unit - $(setting Unit.Description "$unit")"
    echo "     Loaded: loaded ($(fragment "$unit"); $(unit_file_state "$unit"); preset: enabled)"
    [ -z "$(drop_ins "$unit")" ] || echo "    Drop-In: $(drop_ins "$unit" | paste -sd ' ' -)"
    case $state in
        active) echo "     Active: active ($(fact "$unit" sub)) since $(fact "$unit" since)" ;;
        failed) echo "     Active: failed (Result: $(fact "$unit" result)) since $(fact "$unit" since)" ;;
        *) echo "     Active: $state ($(fact "$unit" sub || echo dead))" ;;
    esac
    [ ! -f "$store/$unit/pid" ] || echo "   Main PID: $(fact "$unit" pid)"
    [ ! -f "$store/$unit/code" ] || echo "   Main PID: (code=exited, status=$(fact "$unit" code)/FAILURE)"
    [ ! -f "$journal/$unit.log" ] || { echo; tail -n "$lines" "$journal/$unit.log"; }
    [ "$state" = active ] || return 3
}

list_units() {
    local folder state
    [ -n "$quiet$legend" ] || printf '%-40s %-8s %-8s %-8s\n' UNIT LOAD ACTIVE SUB
    for folder in "$store"/*/; do
        [ -d "$folder" ] || continue
        folder=$(basename "$folder"); state=$(active_state "$folder")
        [ ${#units[@]} -eq 0 ] || [[ " ${units[*]} " == *" $folder "* ]] || continue
        printf '%-40s %-8s %-8s %-8s\n' "$folder" loaded "$state" "$(fact "$folder" sub)"
    done
}

list_unit_files() {
    local unit found=
    [ -n "$quiet$legend" ] || printf '%-40s %s\n' 'UNIT FILE' STATE
    for unit in "${units[@]}"; do
        known "$unit" && { printf '%-40s %s\n' "$unit" "$(unit_file_state "$unit")"; found=1; }
    done
    [ -n "$found" ]
}

boot() { # the VM has started: its enabled services follow
    local link
    for link in /etc/systemd/system/*.wants/*.service; do [ -L "$link" ] && start_unit "${link##*/}"; done
}

reload_all() {
    local folder
    for folder in "$store"/*/; do [ -d "$folder" ] && text "$(basename "$folder")" > "$folder/text"; done
    return 0
}

restart_unit() {
    local unit=$1
    known "$unit" || { echo "Failed to restart $unit: Unit $unit not found." >&2; return 5; }
    if needs_reload "$unit" && [ "$(active_state "$unit")" = active ]; then
        echo "Warning: The unit file, source configuration file or drop-ins of $unit changed on disk." \
            "Run 'systemctl daemon-reload' to reload units." >&2
    fi
    stop_unit "$unit" && start_unit "$unit"
}

each() { # function: the last failure is the answer
    local unit code=0 last
    for unit in "${units[@]}"; do "$1" "$unit"; last=$?; [ $last -eq 0 ] || code=$last; done
    return $code
}

is_active() {
    local unit state code=4
    for unit in "${units[@]}"; do
        state=$(active_state "$unit")
        [ -n "$quiet" ] || echo "$state"
        if [ "$state" = active ]; then code=0
        elif [ $code -ne 0 ] && { known "$unit" || [ "$state" != inactive ]; }; then code=3; fi
    done
    return $code
}

is_failed() { [ -n "$quiet" ] || active_state "${units[0]}"; [ "$(active_state "${units[0]}")" = failed ]; }

is_enabled() {
    local state
    if ! state=$(unit_file_state "${units[0]}"); then
        echo "Failed to get unit file state for ${units[0]}: No such file or directory" >&2
        return 1
    fi
    [ -n "$quiet" ] || echo "$state"
    case $state in enabled|static) return 0 ;; *) return 1 ;; esac
}

reset_unit() { [ "$(active_state "$1")" != failed ] || rm -rf "${store:?}/$1"; }
try_restart_unit() { [ "$(active_state "$1")" != active ] || restart_unit "$1"; }
show_text() { known "$1" || { echo "No files found for $1." >&2; return 1; }
    { fragment "$1"; drop_ins "$1"; } | while IFS= read -r file; do echo "# $file"; cat "$file"; done; }
mask_unit() {
    ln -sf /dev/null "/etc/systemd/system/$1"
    echo "Created symlink /etc/systemd/system/$1 → /dev/null." >&2
}
unmask_unit() { [ "$(readlink "/etc/systemd/system/$1")" != /dev/null ] || rm "/etc/systemd/system/$1"; }

verb= units=() legend=
while [ $# -gt 0 ]; do
    case $1 in
        -q|--quiet) quiet=1 ;;
        --now) now=1 ;;
        --value) value=1 ;;
        --no-legend|--legend=false) legend=no ;;
        -p|--property) properties="$properties ${2//,/ }"; shift ;;
        -p*) properties="$properties ${1#-p}" ;;
        --property=*) properties="$properties ${1#*=}"; properties=${properties//,/ } ;;
        -n|--lines) lines=$2; shift ;;
        -n*) lines=${1#-n} ;;
        --lines=*) lines=${1#*=} ;;
        -t|--type|--state|-o|--output|-s|--signal|--kill-who) shift ;;
        --version) echo 'systemd 252 (252-hybridmesh-lab)'; exit 0 ;;
        -*) ;;
        *) if [ -z "$verb" ]; then verb=$1; else units+=("$(full_name "$1")"); fi ;;
    esac
    shift
done
case $verb in
    start|stop|restart|try-restart|reload-or-restart|status|enable|disable|is-*ed|is-active|cat|mask|unmask)
        [ ${#units[@]} -gt 0 ] || { echo 'Too few arguments.' >&2; exit 1; } ;;
esac
case $verb in
    start) each start_unit ;;
    stop) each stop_unit ;;
    restart|reload-or-restart|force-reload) each restart_unit ;;
    try-restart|condrestart|reload-or-try-restart|try-reload-or-restart) each try_restart_unit ;;
    status) each status ;;
    show) [ ${#units[@]} -eq 0 ] || each show ;;
    is-active) is_active ;;
    is-failed) is_failed ;;
    is-enabled) is_enabled ;;
    enable) each enable_unit && { [ -z "$now" ] || each start_unit; } ;;
    reenable) each disable_unit && each enable_unit ;;
    disable) each disable_unit && { [ -z "$now" ] || each stop_unit; } ;;
    mask) each mask_unit ;;
    unmask) each unmask_unit ;;
    cat) each show_text ;;
    daemon-reload|daemon-reexec) reload_all ;;
    reset-failed) [ ${#units[@]} -gt 0 ] || units=("$store"/*); units=("${units[@]##*/}"); each reset_unit ;;
    list-units|'') list_units ;;
    list-unit-files) list_unit_files ;;
    is-system-running) echo running ;;
    preset|preset-all|set-property|revert) ;;
    _supervise) supervise "${units[0]}" ;;
    _boot) boot ;;
    *) echo "Unknown command verb $verb." >&2; exit 1 ;;
esac
