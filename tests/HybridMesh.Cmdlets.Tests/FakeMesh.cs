using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>A runspace with our cmdlets, connected to two API servers and VMs that exist in memory only.</summary>
internal sealed class FakeMesh : IDisposable
{
    public FakeMesh()
    {
        Host = CmdletHost.ForCmdlets(typeof(MeshCmdlet).Assembly);
        Runtime = MeshRuntime.For(Host.Runspace);
        Runtime.Shells = Vms;
        Connection = new MeshConnection
        {
            Id = Guid.NewGuid(),
            Namespace = "hello",
            DataPlane = Status(DataPlane),
            ControlPlane = Status(ControlPlane),
            IstioKinds = ["WorkloadEntry", "ServiceEntry", "VirtualService", "DestinationRule", "Gateway"],
        };
        Runtime.Add(new MeshSession(Connection, DataPlane, ControlPlane, asm: null));
    }

    public CmdletHost Host { get; }

    public MeshRuntime Runtime { get; }

    public MeshConnection Connection { get; }

    public FakeKubernetesApi DataPlane { get; } = new() { Server = new("https://data.invalid") };

    public FakeKubernetesApi ControlPlane { get; } = new() { Server = new("https://control.invalid") };

    public FakeRemoteShellConnector Vms { get; } = new();

    /// <summary>Runs a script in the runspace.</summary>
    public ScriptRun Run(string script) => Host.Run(script);

    public void Dispose() => Host.Dispose();

    private static MeshPlaneStatus Status(FakeKubernetesApi api) =>
        new() { Server = api.Server, Context = api.Context, Reachable = true, Version = "v1.36.0" };
}
