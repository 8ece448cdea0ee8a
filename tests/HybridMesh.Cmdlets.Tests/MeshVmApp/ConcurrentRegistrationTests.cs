using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class ConcurrentRegistrationTests : IDisposable
{
    private readonly FakeMesh _mesh = new();

    public ConcurrentRegistrationTests()
    {
        _mesh.DataPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.ControlPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public async Task TwoRuns_OfDifferentVms_LoseNone()
    {
        PlanAllBeforeTheFirstWrite(2);

        MeshVmApp?[] apps = await Task.WhenAll(RunAsync(1, 2, 3), RunAsync(4, 5, 6, 7));

        Assert.All(apps, Assert.NotNull);
        Assert.Equal(Addresses(1, 2, 3, 4, 5, 6, 7), Entries().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task FourRuns_OfOverlappingVms_DoubleNone()
    {
        PlanAllBeforeTheFirstWrite(4);

        await Task.WhenAll(RunAsync(1, 2, 3), RunAsync(3), RunAsync(3, 2, 1), RunAsync(4, 3));

        Assert.Equal(Addresses(1, 2, 3, 4), Entries().Order(StringComparer.Ordinal));
        MeshVmApp? again = await RunAsync(1, 2, 3, 4);
        Assert.All(again!.Objects, item => Assert.Equal(ChangeAction.Unchanged, item.Action));
    }

    // No run makes an entry before all have read and planned, which is the worst that can happen.
    private void PlanAllBeforeTheFirstWrite(int runs)
    {
        int planned = 0;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _mesh.ControlPlane.OnCall = async (call, token) =>
        {
            if (call is { Verb: "apply", Kind: "ServiceEntry", DryRun: true } && Interlocked.Increment(ref planned) == runs)
            {
                all.TrySetResult();
            }

            if (call is { Verb: "create" })
            {
                await all.Task.WaitAsync(TimeSpan.FromSeconds(30), token);
            }
        };
    }

    private Task<MeshVmApp?> RunAsync(params int[] vms) => Task.Run(() =>
        new VmAppRegistrar(
            new MeshSession(_mesh.Connection, _mesh.DataPlane, _mesh.ControlPlane, asm: null), new SilentGate())
        .RegisterAsync(
            new VmAppRequest
            {
                Namespace = "hello",
                ServiceName = "svc",
                Ports = [new MeshPort("http", 8001)],
                Vms = [.. Addresses(vms).Select(address => new MeshVm { Name = address, Address = address, Version = "v1" })],
            },
            MeshProvider.Istio, CancellationToken.None));

    private static IEnumerable<string> Addresses(params int[] vms) => vms.Select(vm => $"10.0.0.{vm}");

    private IEnumerable<string> Entries() => _mesh.ControlPlane
        .ListAsync(KubernetesKind.WorkloadEntry, "hello", null, default).ToBlockingEnumerable()
        .Select(item => item["spec"]!["address"]!.GetValue<string>());

    private sealed class SilentGate : IChangeGate
    {
        public bool WhatIf => false;

        public Task<bool> ShouldProcessAsync(string target, string action) => Task.FromResult(true);

        public Task WriteErrorAsync(MeshException exception, object? target) => throw exception;

        public void Warning(string text)
        {
        }

        public void Verbose(string text)
        {
        }

        public void Progress(string activity, string status, int percent)
        {
        }
    }
}
