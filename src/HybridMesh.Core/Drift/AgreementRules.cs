namespace HybridMesh.Core;

/// <summary>Whether a VM's WorkloadEntry, its cluster.env, its app and the list of VMs say the same of it.</summary>
internal static class AgreementRules
{
    public static IEnumerable<MeshDrift> Find(VmView view)
    {
        IEnumerable<MeshDrift?> found =
        [
            NoEntry(view),
            .. view.Entries.SelectMany(entry => new[] { EntryVersion(view, entry), EntryNetwork(view, entry) }),
            AppVersion(view), AppSilent(view),
            .. view.Facts?.Env is { } env ? Env(view, env) : [],
        ];
        return found.OfType<MeshDrift>();
    }

    /// <summary>Whether two or more sides are known and say the same; null when there are not two.</summary>
    public static bool? Agrees(VmView view)
    {
        List<string?> versions = [.. view.Entries.Select(entry => entry.Version)];
        if (view.Facts?.Env is { } env)
        {
            versions.Add(env.Version);
        }

        if (view.Facts?.AppVersion is { } app)
        {
            versions.Add(app);
        }

        return versions.Count < 2 ? null
            : versions.Distinct(StringComparer.Ordinal).Count() == 1
                && Find(view).All(drift => drift.Kind != DriftKind.LabelsDiffer);
    }

    private static MeshDrift? NoEntry(VmView view) => view.Mesh is null || view.Entries.Count > 0 ? null : view.Drift(
        DriftKind.VmWithoutEntry, DriftSeverity.Warning,
        $"No WorkloadEntry of namespace {view.Namespace} claims VM {view.Vm}, so that no pod finds it.") with
    {
        ServiceName = view.ServiceEntry is null ? view.AskedService : view.ServiceName,
        Expected = view.Vm.Address,
        Command = DriftCommands.Register(view.Vm, view.ServiceEntry, view.ServiceName, view.Namespace),
    };

    private static MeshDrift? EntryVersion(VmView view, WorkloadEntry entry) =>
        view.TrueVersion is not { } version || entry.Version == version ? null : view.Drift(
            DriftKind.VersionDiffers, DriftSeverity.Error,
            $"WorkloadEntry {entry.Namespace}/{entry.Name} says {Version(entry.Version)}, but by {Source(view)} "
            + $"VM {view.Vm} is "
            + $"{version}, so that traffic for a version goes to another.") with
        {
            ServiceName = entry.ServiceName,
            Name = entry.Name,
            Expected = version,
            Actual = entry.Version,
            Command = DriftCommands.SetVersion(entry, version),
        };

    private static MeshDrift? AppVersion(VmView view) =>
        view.Facts?.AppVersion is not { } app || view.Vm.Version is not { } wanted || app == wanted ? null : view.Drift(
            DriftKind.VersionDiffers, DriftSeverity.Error,
            $"The app on VM {view.Vm} answers as {app}, but the list of VMs says {wanted}.") with
        {
            Name = "app",
            Expected = wanted,
            Actual = app,
            Command = DriftCommands.RunVersion(view.Vm, app, wanted),
        };

    private static MeshDrift? AppSilent(VmView view) => view.Facts?.AppDetail is not { } detail ? null : view.Drift(
        DriftKind.AppSilent, DriftSeverity.Error, $"The app on VM {view.Vm} did not tell its version: {detail}.") with
    {
        Name = "app",
        Expected = view.Vm.Version,
    };

    private static IEnumerable<MeshDrift?> Env(VmView view, SidecarEnv env)
    {
        WorkloadEntry? entry = view.Entries.Count > 0 ? view.Entries[0] : null;
        yield return env.Version == view.TrueVersion ? null : InEnv(
            view, DriftKind.VersionDiffers, DriftSeverity.Warning,
            $"cluster.env on VM {view.Vm} says {Version(env.Version)}, but by {Source(view)} it is {view.TrueVersion}",
            view.TrueVersion, env.Version);
        if (entry is null)
        {
            yield break;
        }

        yield return Labels(view, env, entry);
        yield return env.Network == (view.Vm.Network ?? entry.Network) ? null : InEnv(
            view, DriftKind.NetworkDiffers, DriftSeverity.Error,
            $"cluster.env on VM {view.Vm} says {Network(env.Network)}, but "
            + $"{(view.Vm.Network is null ? $"WorkloadEntry {entry.Name}" : "the list of VMs")} says "
            + $"{Network(view.Vm.Network ?? entry.Network)}, so that the VM is given addresses it can't reach",
            view.Vm.Network ?? entry.Network, env.Network);
        yield return env.Namespace is null || env.Namespace == entry.Namespace ? null : InEnv(
            view, DriftKind.NamespaceDiffers, DriftSeverity.Error,
            $"cluster.env on VM {view.Vm} is of namespace {env.Namespace}, but its WorkloadEntry {entry.Name} "
            + $"of {entry.Namespace}",
            entry.Namespace, env.Namespace);
        yield return (env.ServiceAccount ?? "default") == (entry.ServiceAccount ?? "default") ? null : InEnv(
            view, DriftKind.ServiceAccountDiffers, DriftSeverity.Error,
            $"cluster.env on VM {view.Vm} says service account {env.ServiceAccount ?? "default"}, but WorkloadEntry "
            + $"{entry.Name} says {entry.ServiceAccount ?? "default"}, so that clients expect another identity",
            entry.ServiceAccount ?? "default", env.ServiceAccount ?? "default");
    }

    // Labels that only cluster.env has may come from the WorkloadGroup and do no harm; but istiod never brings an entry
    // that it made up to date.
    private static MeshDrift? Labels(VmView view, SidecarEnv env, WorkloadEntry entry)
    {
        bool made = view.Mesh?.Find(entry) is { Group: not null };
        string[] keys = [.. entry.Labels.Keys
            .Concat(made ? env.Labels.Keys : [])
            .Where(key => key != "version" && !IsDerived(key)
                && entry.Labels.GetValueOrDefault(key) != env.Labels.GetValueOrDefault(key))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (keys.Length == 0)
        {
            return null;
        }

        string said = Join(keys, env.Labels), wanted = Join(keys, entry.Labels);
        return made
            ? view.Drift(
                DriftKind.LabelsDiffer, DriftSeverity.Warning,
                $"WorkloadEntry {entry.Namespace}/{entry.Name} says {wanted}, but the sidecar of VM {view.Vm} "
                + "connected with "
                + $"{said}; istiod made the entry and never changes its labels, but makes it anew when it is "
                + "gone and the "
                + "sidecar connects again.") with
            {
                Name = entry.Name,
                Expected = said,
                Actual = wanted,
                Command = DriftCommands.Delete(entry, view.Mesh!.EntryApiVersion),
            }
            : InEnv(
                view, DriftKind.LabelsDiffer, DriftSeverity.Warning,
                $"cluster.env on VM {view.Vm} says {said}, but WorkloadEntry {entry.Name} says {wanted}", wanted, said);
    }

    private static MeshDrift? EntryNetwork(VmView view, WorkloadEntry entry)
    {
        if (view.Vm.Network is not { } network || entry.Network == network)
        {
            return null;
        }

        string? register = DriftCommands.Register(view.Desired, view.ServiceEntry, view.ServiceName, view.Namespace);
        return view.Drift(
            DriftKind.NetworkDiffers, DriftSeverity.Error,
            $"WorkloadEntry {entry.Namespace}/{entry.Name} says {Network(entry.Network)}, but the list of VMs "
            + $"says {network}, "
            + $"so that pods of other networks don't take the gateway to VM {view.Vm}.") with
        {
            ServiceName = entry.ServiceName,
            Name = entry.Name,
            Expected = network,
            Actual = entry.Network,
            Command = register is null ? null
                : $"{DriftCommands.Delete(entry, view.Mesh!.EntryApiVersion)}; {register}",
        };
    }

    private static MeshDrift InEnv(
        VmView view, DriftKind kind, DriftSeverity severity, string message, string? expected, string? actual) =>
        view.Drift(kind, severity, message + ".") with
        {
            Name = SidecarFileNames.ClusterEnv,
            Expected = expected,
            Actual = actual,
            Command = DriftCommands.Configure(view),
        };

    // istioctl adds these to what cluster.env says; an entry need not have them.
    private static bool IsDerived(string label) =>
        label.StartsWith("service.istio.io/canonical-", StringComparison.Ordinal)
        || label.StartsWith("topology.", StringComparison.Ordinal) || label == "istio-locality"
        || label == "security.istio.io/tlsMode";

    private static string Join(string[] keys, IReadOnlyDictionary<string, string> labels) => string.Join(
        ", ", keys.Select(key => labels.TryGetValue(key, out string? value) ? $"{key}={value}" : $"no {key}"));

    private static string Version(string? version) => version is null ? "no version" : $"version {version}";

    private static string Network(string? network) => network is null ? "no network" : $"network {network}";

    private static string Source(VmView view) =>
        view.Facts?.AppVersion is not null ? "what the app answers"
        : view.Vm.Version is not null ? "the list of VMs"
        : view.Facts?.Env?.Version is not null ? "cluster.env" : "the WorkloadEntry";
}
