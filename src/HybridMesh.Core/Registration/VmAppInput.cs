using System.Net;

namespace HybridMesh.Core;

/// <summary>A request that was checked: what is in it can be written.</summary>
internal sealed record VmAppInput
{
    private const string VersionLabel = "version";

    public required string Namespace { get; init; }

    public required string ServiceName { get; init; }

    public required IReadOnlyList<MeshPort> Ports { get; init; }

    public required IReadOnlyDictionary<string, string> Selector { get; init; }

    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    public required string? ServiceAccount { get; init; }

    public required IReadOnlyList<EntryInput> Entries { get; init; }

    /// <summary>Checks a request.</summary>
    /// <exception cref="MeshException">
    /// ArgumentInvalid, PortInvalid or Ambiguous, naming the VM or the value.
    /// </exception>
    public static VmAppInput Check(VmAppRequest request)
    {
        LabelSyntax.CheckDnsLabel(request.Namespace, "Namespace");
        LabelSyntax.CheckDnsLabel(request.ServiceName, "ServiceName");
        CheckPorts(request.Ports);
        Dictionary<string, string> selector = request.Labels.Count > 0
            ? new(request.Labels, StringComparer.Ordinal) : new() { ["app"] = request.ServiceName };
        CheckSelector(selector);
        foreach (string key in request.Annotations.Keys)
        {
            LabelSyntax.CheckKey(key, "annotation", "-Annotation", key);
        }

        if (request.Vms.Count == 0)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"No VM was given for '{request.ServiceName}'; pipe VMs (Import-MeshVm) or pass -Address.",
                request.ServiceName);
        }

        List<EntryInput> entries = [.. request.Vms.Select(vm => CheckVm(vm, selector))];
        CheckDuplicates(entries);
        return new VmAppInput
        {
            Namespace = request.Namespace,
            ServiceName = request.ServiceName,
            Ports = request.Ports,
            Selector = selector,
            Annotations = request.Annotations,
            ServiceAccount = OneServiceAccount(request),
            Entries = entries,
        };
    }

    private static void CheckPorts(IReadOnlyList<MeshPort> ports)
    {
        if (ports.Count == 0)
        {
            throw new MeshException(MeshErrorCode.PortInvalid, "No port was given; pass one such as -Port http:8001.");
        }

        IGrouping<int, MeshPort>? twice = ports.GroupBy(port => port.Number).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new MeshException(
                MeshErrorCode.PortInvalid,
                $"Port {twice.Key} is given more than once ({string.Join(", ", twice)}); a number has one protocol.",
                twice.First().ToString());
        }
    }

    private static void CheckSelector(Dictionary<string, string> selector)
    {
        foreach ((string key, string value) in selector)
        {
            LabelSyntax.CheckLabel(key, value, "-Label", key);
        }

        if (selector.TryGetValue(VersionLabel, out string? version))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"-Label carries version='{version}', which would keep VMs of other versions out of the service. Give "
                + "each VM its Version, or use Set-WorkloadEntryVersion.",
                VersionLabel);
        }
    }

    private static EntryInput CheckVm(MeshVm vm, Dictionary<string, string> selector)
    {
        Dictionary<string, string> labels = new(selector, StringComparer.Ordinal);
        foreach ((string key, string value) in vm.Labels)
        {
            LabelSyntax.CheckLabel(key, value, $"VM {vm}", vm);
            labels[key] = value;
        }

        // The version label has a writer of its own; in the applied manifest it would fight with that one.
        string? version = string.IsNullOrEmpty(vm.Version) ? null : vm.Version;
        if (labels.Remove(VersionLabel, out string? labelled) && version is not null && version != labelled)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"VM {vm} says Version {version} and label version={labelled}; make them agree.", vm);
        }

        version ??= labelled;
        if (version is not null)
        {
            LabelSyntax.CheckLabel(VersionLabel, version, $"VM {vm}", vm);
        }

        return new EntryInput(
            vm, CheckAddress(vm), vm.Network is { Length: > 0 } network ? network : null, labels, version);
    }

    private static string CheckAddress(MeshVm vm)
    {
        string? address = MeshAddress.Normalize(vm.Address);
        if (address is null || IPAddress.Parse(address) is { IsIPv6LinkLocal: true })
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid,
                $"VM {vm} has no IP address the mesh could send to: '{vm.Address}'. Its Address must be the IP address "
                + "that pods reach it by, not a host name.",
                vm);
        }

        return address;
    }

    private static void CheckDuplicates(List<EntryInput> entries)
    {
        Dictionary<(string, string?), MeshVm> seen = [];
        foreach (EntryInput entry in entries)
        {
            if (!seen.TryAdd((entry.Address, entry.Network), entry.Vm))
            {
                throw new MeshException(
                    MeshErrorCode.Ambiguous,
                    $"VMs {seen[(entry.Address, entry.Network)]} and {entry.Vm} have the same address {entry.Address}"
                    + $"{(entry.Network is null ? "" : $" in network {entry.Network}")}; nothing was written.",
                    entry.Vm);
            }
        }
    }

    private static string? OneServiceAccount(VmAppRequest request)
    {
        List<(string Account, string Owner, object? Target)> given = [];
        if (!string.IsNullOrEmpty(request.ServiceAccount))
        {
            given.Add((request.ServiceAccount, "-ServiceAccount", request.ServiceAccount));
        }

        given.AddRange(request.Vms.Where(vm => !string.IsNullOrEmpty(vm.ServiceAccount))
            .Select(vm => (vm.ServiceAccount!, $"VM {vm}", (object?)vm)));
        if (given.Count == 0)
        {
            return null;
        }

        LabelSyntax.CheckObjectName(given[0].Account, "ServiceAccount");
        foreach ((string account, string owner, object? target) in given)
        {
            if (account != given[0].Account)
            {
                throw new MeshException(
                    MeshErrorCode.ArgumentInvalid,
                    $"{given[0].Owner} names service account '{given[0].Account}' and {owner} '{account}'; one app "
                    + "runs as one service account.",
                    target);
            }
        }

        return given[0].Account;
    }
}

/// <summary>One VM of a checked request.</summary>
/// <param name="Vm">The VM as given; the target of errors.</param>
/// <param name="Address">Its address in canonical form.</param>
/// <param name="Network">Its Istio network.</param>
/// <param name="Labels">The entry's labels, without the version.</param>
/// <param name="Version">The version the entry is to have.</param>
internal sealed record EntryInput(
    MeshVm Vm, string Address, string? Network, IReadOnlyDictionary<string, string> Labels, string? Version)
{
    public override string ToString() => Vm.ToString();
}
