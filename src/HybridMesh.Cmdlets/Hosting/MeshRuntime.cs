using System.Management.Automation.Runspaces;
using System.Net;
using System.Runtime.CompilerServices;
using HybridMesh.Asm;
using HybridMesh.Core;
using HybridMesh.Kubernetes;
using HybridMesh.Load;
using HybridMesh.Ssh;
using HybridMesh.Yaml;

namespace HybridMesh.Cmdlets;

/// <summary>
/// The state of one runspace and the only place that composes adapters. Two runspaces (jobs, ForEach-Object -Parallel)
/// never share a connection.
/// </summary>
internal sealed class MeshRuntime
{
    private static readonly ConditionalWeakTable<Runspace, MeshRuntime> Runtimes = [];
    private static readonly MeshRuntime Detached = new();

    private readonly Dictionary<Guid, MeshSession> _sessions = [];

    /// <summary>The session commands use when -Connection names none.</summary>
    public MeshSession? Current { get; private set; }

    /// <summary>The clock; tests set their own.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>The practice lab of this runspace.</summary>
    public RunspaceLab Lab { get; } = new();

    /// <summary>What completion knows of the clusters.</summary>
    public ObjectSnapshots Snapshots { get; } = new();

    /// <summary>Opens API servers; tests set a fake.</summary>
    public IKubernetesApiFactory Kubernetes { get; set; } = new KubernetesApiFactory(TimeProvider.System);

    /// <summary>Opens the ASM API; tests set a fake.</summary>
    public IAsmApiFactory Asm { get => field ??= new AsmApiFactory(Clock); set; }

    /// <summary>Connects to VMs; tests set their own.</summary>
    public IRemoteShellConnector Shells { get; set; } = new SshConnector();

    /// <summary>Reads lists of VMs written in YAML.</summary>
    public IInventoryFormat YamlInventory { get; } = new YamlInventory();

    /// <summary>Reads and writes YAML.</summary>
    public IYamlFormat Yaml { get; } = new YamlFormat();

    /// <summary>Resolves host names; tests set a fake.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> ResolveHost { get; set; } = Dns.GetHostAddressesAsync;

    /// <summary>Sends measured requests; tests set a fake.</summary>
    public ILoadGenerator Load { get => field ??= new HttpLoadGenerator(); set; }

    /// <summary>The runtime of the runspace this thread runs.</summary>
    public static MeshRuntime ForCurrentRunspace() =>
        Runspace.DefaultRunspace is { } runspace ? For(runspace) : Detached;

    /// <summary>The runtime of a runspace.</summary>
    public static MeshRuntime For(Runspace runspace) => Runtimes.GetOrCreateValue(runspace);

    /// <summary>Makes a session the current one.</summary>
    public void Add(MeshSession session)
    {
        _sessions[session.Connection.Id] = session;
        Current = session;
    }

    /// <summary>The session of a connection, or the current one.</summary>
    /// <exception cref="MeshException">NotConnected, when there is none.</exception>
    public MeshSession Session(MeshConnection? connection)
    {
        if (connection is not null)
        {
            return _sessions.TryGetValue(connection.Id, out MeshSession? session)
                ? session
                : throw new MeshException(
                    MeshErrorCode.NotConnected,
                    "That connection was closed or belongs to another runspace; run Connect-Mesh here.",
                    connection);
        }

        return Current ?? throw new MeshException(
            MeshErrorCode.NotConnected,
            "There is no connection to a mesh; run Connect-Mesh first (Connect-Mesh -Lab for the practice mesh).");
    }

    /// <summary>The namespace of a connection, or of the current one; null when there is none.</summary>
    public string? CurrentNamespace(MeshConnection? connection) => (connection ?? Current?.Connection)?.Namespace;

    /// <summary>The session of a connection, or the current one, or one opened from kubeconfig defaults.</summary>
    public async Task<MeshSession> SessionAsync(
        MeshConnection? connection, PipelineWriter writer, CancellationToken cancellationToken) =>
        connection is not null || Current is not null
            ? Session(connection)
            : await OpenDefaultAsync(writer, cancellationToken).ConfigureAwait(false);

    /// <summary>Connects and makes the session the current one; warns about a plane that does not answer.</summary>
    public async Task<MeshSession> ConnectAsync(
        ConnectMeshRequest request, PipelineWriter writer, CancellationToken cancellationToken)
    {
        MeshSession session = await new MeshConnector(Kubernetes, Asm)
            .ConnectAsync(request, writer.Verbose, cancellationToken).ConfigureAwait(false);
        foreach (string warning in MeshConnector.Warnings(session.Connection))
        {
            writer.Warning(warning);
        }

        Add(session);
        return session;
    }

    /// <summary>Closes everything: sessions, and the lab that this runspace started.</summary>
    public async Task CloseAllAsync()
    {
        await CloseAsync(connection: null).ConfigureAwait(false);
        await Lab.CloseAsync(Clock).ConfigureAwait(false);
    }

    /// <summary>Closes one session, or all of them.</summary>
    public async Task CloseAsync(MeshConnection? connection, Action<string>? verbose = null)
    {
        foreach (MeshSession session in _sessions.Values
            .Where(item => connection is null || item.Connection.Id == connection.Id).ToList())
        {
            verbose?.Invoke($"Closing {session.DataPlane.Server} and {session.ControlPlane.Server}.");
            _sessions.Remove(session.Connection.Id);
            Current = ReferenceEquals(Current, session) ? null : Current;
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<MeshSession> OpenDefaultAsync(PipelineWriter writer, CancellationToken cancellationToken)
    {
        writer.Verbose("Not connected: taking kubeconfig defaults, as kubectl does.");
        try
        {
            return await ConnectAsync(new ConnectMeshRequest(), writer, cancellationToken).ConfigureAwait(false);
        }
        catch (MeshException e) when (e.Code == MeshErrorCode.KubeconfigInvalid)
        {
            throw new MeshException(
                MeshErrorCode.NotConnected,
                "There is no connection to a mesh; run Connect-Mesh first (Connect-Mesh -Lab for the practice mesh). "
                + $"Kubeconfig defaults give none: {e.Message}",
                null,
                e);
        }
    }
}
