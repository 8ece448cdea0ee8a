namespace HybridMesh.Core;

/// <summary>How packages are installed and sidecars started, for any POSIX shell.</summary>
internal static class SidecarServiceScript
{
    /// <summary>
    /// <c>fetch</c>, <c>install_package</c>, <c>start_service</c>, <c>start_container</c> and <c>version</c>. What goes
    /// wrong ends in <c>failed STAGE REASON</c>.
    /// </summary>
    public const string Functions = """
        fetch() {
          f=$stage/package
          [ -n "$url" ] || return 0
          if command -v curl > /dev/null 2>&1; then
            curl -q -fsSL --connect-timeout 15 -o "$f" "$url" > "$stage/said" 2>&1 9>&- &
          elif command -v wget > /dev/null 2>&1; then
            wget -nv -T 15 -O "$f" "$url" > "$stage/said" 2>&1 9>&- &
          else
            failed client
          fi
          p=$!
          wait $p
          code=$?
          if stopped; then kill $p 2> /dev/null; failed stopped; fi
          [ $code = 0 ] || failed package "It can't be fetched: $(tail -n 3 "$stage/said")"
        }
        installed_version() {
          case $1 in
            deb) dpkg-query -W -f='${Status} ${Version}\n' istio-sidecar 2> /dev/null |
              sed -n 's/^install ok installed //p' ;;
            rpm) rpm -q --qf '%{VERSION}-%{RELEASE}\n' istio-sidecar 2> /dev/null | grep -v ' ' ;;
          esac
        }
        install_package() {
          f=$stage/package
          case $package in
            deb)
              command -v dpkg-deb > /dev/null 2>&1 || failed package "There is no dpkg on this VM."
              n=$(dpkg-deb -f "$f" Package 2>&1) || failed package "$n"
              v=$(dpkg-deb -f "$f" Version) ;;
            rpm)
              command -v rpm > /dev/null 2>&1 || failed package "There is no rpm on this VM."
              n=$(rpm -qp --qf '%{NAME}' "$f" 2>&1) || failed package "$n"
              v=$(rpm -qp --qf '%{VERSION}-%{RELEASE}' "$f" 2> /dev/null) ;;
          esac
          [ "$n" = istio-sidecar ] || failed package "It is the package '$n', not istio-sidecar."
          have=$(installed_version $package)
          if [ "$have" != "$v" ]; then
            [ -n "$have" ] || note "package $package istio-sidecar"
            id istio-proxy > /dev/null 2>&1 || note "user istio-proxy"
            case $package in
              deb) DEBIAN_FRONTEND=noninteractive dpkg --force-confdef --force-confold -i "$f" ;;
              rpm) rpm -U --quiet "$f" ;;
            esac > "$stage/said" 2>&1 9>&- || failed package "$(tail -n 8 "$stage/said")"
          fi
          grep -v '^source ' "$record" > "$record.new" 2> /dev/null
          printf 'source %s %s\n' "$v" "$from" >> "$record.new"
          mv -f "$record.new" "$record"
        }
        await() {
          i=$(date +%s)
          until up; do
            if stopped; then failed stopped; fi
            [ $(($(date +%s) - i)) -lt "$wait" ] && ! dead || return 1
            sleep 0.2 2> /dev/null || sleep 1
          done
        }
        start_service() {
          service_state() { systemctl is-active istio 2> /dev/null; }
          up() { [ "$(service_state)" = active ] && healthy; }
          dead() { case $(service_state) in failed|inactive) true ;; *) false ;; esac; }
          log=/var/log/istio/istio.err.log
          since=$(date '+%Y-%m-%d %H:%M:%S')
          systemctl daemon-reload > /dev/null 2>&1
          if ! systemctl is-enabled istio > /dev/null 2>&1; then
            note "enabled istio"
            service enable > /dev/null 2>&1
          fi
          said=$(service restart 2>&1) && await && return 0
          if stopped; then failed stopped; fi
          state=$(service_state)
          # Written since: the undo folder was made just before.
          text=$(find $log -newer "$own/undo/service" -exec cat {} + 2> /dev/null | tail -n 15)
          [ -n "$text" ] || text=$(journalctl -u istio -n 15 --no-pager -o cat --since "$since" 2> /dev/null)
          [ -n "$text" ] || text=${said:-$(service status 2>&1)}
          printf 'state %s\n' "$state"
          failed ready "$text"
        }
        start_container() {
          up() { [ "$(run inspect --format '{{.State.Running}}' istio-proxy 2> /dev/null)" = true ] && healthy; }
          dead() { [ "$(run inspect --format '{{.State.Status}}' istio-proxy 2> /dev/null)" = exited ]; }
          [ -n "$r" ] || failed runtime
          run image inspect "$image" > /dev/null 2>&1 || said=$(run pull "$image" 2>&1) || failed container "$said"
          if run inspect --type container istio-proxy > /dev/null 2>&1; then
            echo old > "$own/undo/container"
            { run stop istio-proxy && run rename istio-proxy istio-proxy-hybridmesh; } > /dev/null ||
              failed container "The running container can't be set aside."
          else
            echo new > "$own/undo/container"
          fi
          note "container istio-proxy"
          said=$(run run -d --name istio-proxy --network host --cap-add NET_ADMIN --restart unless-stopped \
            --label "hybridmesh.sidecar=$spec" -v /opt/asm_vm_proxy/meta:/opt/asm_vm_proxy/meta \
            -v /var/log/istio:/var/log/istio "$image" 2>&1) || failed container "$said"
          await && return 0
          if stopped; then failed stopped; fi
          printf 'state %s\n' "$(run inspect --format '{{.State.Status}}' istio-proxy 2> /dev/null)"
          failed ready "$(run logs --tail 15 istio-proxy 2>&1)"
        }
        version() {
          for k in deb rpm; do
            v=$(installed_version $k)
            [ "$method" = Container ] || [ -z "$v" ] || printf 'version %s\n' "$v"
          done
        }

        """;
}
