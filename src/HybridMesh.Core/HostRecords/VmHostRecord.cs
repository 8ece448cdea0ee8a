namespace HybridMesh.Core;

/// <summary>Who a record of a VM's hosts file belongs to.</summary>
public enum HostRecordOwner
{
    /// <summary>Us: it stands in our block.</summary>
    HybridMesh,
    /// <summary>Somebody else.</summary>
    Foreign,
}

/// <summary>A record in a VM's hosts file.</summary>
public sealed record VmHostRecord
{
    /// <summary>The VM, so that a piped record reaches it again the same way.</summary>
    public required MeshVm Vm { get; init; }

    /// <summary>The VM's name.</summary>
    public string VmName => Vm.Name;

    /// <summary>The VM's address in the mesh.</summary>
    public string Address => Vm.Address;

    /// <summary>The host SSH connects to.</summary>
    public string SshHost => Vm.SshHost;

    /// <summary>The host name the record is about.</summary>
    public required string HostName { get; init; }

    /// <summary>The address the record gives; null when there is no record.</summary>
    public string? IPAddress { get; init; }

    /// <summary>What was done to it; null when it was only read.</summary>
    public ChangeAction? Action { get; init; }

    /// <summary>The addresses the VM's own resolver gives for the name, best first; empty when it knows none.</summary>
    public IReadOnlyList<string> Resolves { get; init; } = [];

    /// <summary>Whose record it is.</summary>
    public HostRecordOwner Owner { get; init; }

    /// <summary>Whether it is a foreign record that hides ours, because resolvers read it first.</summary>
    public bool Shadows { get; init; }

    /// <summary>The line in the hosts file, from 1; null when there is no record.</summary>
    public int? LineNumber { get; init; }
}
