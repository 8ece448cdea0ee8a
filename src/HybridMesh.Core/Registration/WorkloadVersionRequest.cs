namespace HybridMesh.Core;

/// <summary>One entry whose version is to be set: named, or found by the VM's address.</summary>
public sealed record WorkloadVersionRequest
{
    /// <summary>What the user piped; the target of errors.</summary>
    public required object Source { get; init; }

    /// <summary>The namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The WorkloadEntry's name; null to find it by <see cref="Address"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The VM's address.</summary>
    public string? Address { get; init; }

    /// <summary>The VM's network, when it is known; tells entries of one address apart.</summary>
    public string? Network { get; init; }

    /// <summary>The version to set.</summary>
    public required string? Version { get; init; }

    /// <summary>The entry or address, for messages.</summary>
    public override string ToString() =>
        Name is null ? $"address {Address}" : ObjectName.Of("WorkloadEntry", Namespace, Name);
}
