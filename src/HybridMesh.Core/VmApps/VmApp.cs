using System.Collections.ObjectModel;

namespace HybridMesh.Core;

/// <summary>An app that runs on a VM as a container.</summary>
public sealed record VmApp
{
    /// <summary>The state of an app that is not there.</summary>
    public const string Absent = "absent";

    /// <summary>The VM, so that a piped app reaches it again the same way.</summary>
    public required MeshVm Vm { get; init; }

    /// <summary>The VM's name.</summary>
    public string VmName => Vm.Name;

    /// <summary>The VM's address in the mesh.</summary>
    public string Address => Vm.Address;

    /// <summary>The host SSH connects to.</summary>
    public string SshHost => Vm.SshHost;

    /// <summary>The app's name, which is the container's.</summary>
    public required string Name { get; init; }

    /// <summary>The image; null when the app is not there.</summary>
    public string? Image { get; init; }

    /// <summary>The environment variables the app was started with; not those of its image.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>running, exited and so on, as the container runtime says; <c>absent</c> when it is not there.</summary>
    public required string State { get; init; }

    /// <summary>The exit code of an app that has ended; null while it runs.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When it was started; null when it was not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The container's id.</summary>
    public string? ContainerId { get; init; }

    /// <summary>What was done; null when it was only read.</summary>
    public ChangeAction? Action { get; init; }
}
