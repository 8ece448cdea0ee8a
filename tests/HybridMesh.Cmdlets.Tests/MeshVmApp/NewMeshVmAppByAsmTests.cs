using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class NewMeshVmAppByAsmTests : IDisposable
{
    private const string New =
        "New-MeshVmApp -ServiceName hello2-svc -Port http:8001 -Label @{ app = 'hello-workload' } -Provider Asm";

    private readonly FakeMesh _mesh = new();
    private readonly FakeAsmApi _asm;

    public NewMeshVmAppByAsmTests()
    {
        _asm = new FakeAsmApi(_mesh.DataPlane, _mesh.ControlPlane);
        _mesh.DataPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
        _mesh.ControlPlane.Seed(KubernetesKind.Namespace, """{ "metadata": { "name": "hello" } }""");
    }

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Connection_WithoutMeshId_NamesConnectMesh()
    {
        ScriptRun run = _mesh.Run($"'10.0.0.1' | {New}");

        Assert.Equal(["NotConnected"], run.ErrorIds);
        Assert.Contains("Connect-Mesh -MeshId", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FirstRun_CallsOnceWithForce_AndPatchesVersionsAndLabels()
    {
        ConnectWithMesh();

        ScriptRun run = _mesh.Run($$"""
            @{ Name = 'a'; Address = '10.0.0.1'; Version = 'v1' },
            @{ Name = 'b'; Address = '10.0.0.2'; Version = 'v2'; Labels = @{ zone = 'z' }; Network = 'n' } | {{New}}
            """);

        Assert.Empty(run.Errors);
        AsmVmAppRequest call = Assert.Single(_asm.Added);
        Assert.True(call.Force);
        Assert.Equal(["10.0.0.1", "10.0.0.2"], call.Addresses);
        MeshVmApp app = Assert.Single(run.OutputAs<MeshVmApp>());
        Assert.Equal(MeshProvider.Asm, app.Provider);
        Assert.All(app.Objects, item => Assert.Equal(ChangeAction.Created, item.Action));
        Assert.Equal(["v1", "v2"], app.WorkloadEntries.Select(entry => entry.Version));
        Assert.Equal(("z", "n"), (app.WorkloadEntries[1].Labels["zone"], app.WorkloadEntries[1].Network));
    }

    [Fact]
    public void SecondRun_EverythingThere_CallsNothing()
    {
        ConnectWithMesh();
        _mesh.Run($"'10.0.0.1', '10.0.0.2' | {New}");
        int writes = _mesh.ControlPlane.Writes.Count;

        MeshVmApp app = Assert.Single(_mesh.Run($"'10.0.0.1', '10.0.0.2' | {New}").OutputAs<MeshVmApp>());

        Assert.Single(_asm.Added);
        Assert.Equal(writes, _mesh.ControlPlane.Writes.Count);
        Assert.Equal(4, app.Objects.Count);
        Assert.All(app.Objects, item => Assert.Equal(ChangeAction.Unchanged, item.Action));
    }

    [Fact]
    public void NewVm_ComesAfterTheExistingOnesInNumberOrder()
    {
        ConnectWithMesh();
        _mesh.Run($"'10.0.0.2', '10.0.0.1' | {New}");

        MeshVmApp app = Assert.Single(_mesh.Run($"'10.0.0.9', '10.0.0.1' | {New}").OutputAs<MeshVmApp>());

        Assert.Equal(["10.0.0.2", "10.0.0.1", "10.0.0.9"], _asm.Added.Last().Addresses);
        Assert.Equal(["10.0.0.2", "10.0.0.1", "10.0.0.9"], app.WorkloadEntries.Select(entry => entry.Address));
    }

    [Fact]
    public async Task NewVm_FillsAGap_SoThatNoneIsDoubled()
    {
        ConnectWithMesh();
        _mesh.Run($"'10.0.0.1', '10.0.0.2', '10.0.0.3' | {New}");
        await _mesh.ControlPlane.DeleteAsync(
            KubernetesKind.WorkloadEntry, "hello", "mesh-expansion-hello2-svc-2", null, dryRun: false, default);

        MeshVmApp app = Assert.Single(_mesh.Run($"'10.0.0.9' | {New}").OutputAs<MeshVmApp>());

        Assert.Equal(["10.0.0.1", "10.0.0.9", "10.0.0.3"], app.WorkloadEntries.Select(entry => entry.Address));
    }

    [Fact]
    public void WhatIf_CallsNothing_AndNamesWhatIsMissing()
    {
        ConnectWithMesh();

        ScriptRun run = _mesh.Run($"'10.0.0.1' | {New} -WhatIf");

        Assert.Empty(_asm.Added);
        Assert.Empty(run.Output);
        Assert.Contains("create WorkloadEntry mesh-expansion-hello2-svc-1 (10.0.0.1)", run.HostText, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadBack_MissingEntry_IsAnErrorAboutItsVm()
    {
        ConnectWithMesh();
        _asm.Makes = address => address != "10.0.0.2";

        ScriptRun run = _mesh.Run($"'10.0.0.1', '10.0.0.2' | {New} -TimeoutSec 1");

        Assert.Equal(["ReadBackMismatch"], run.ErrorIds);
        Assert.Equal("10.0.0.2", Assert.IsType<MeshVm>(run.Errors[0].TargetObject).Address);
    }

    [Fact]
    public void WithdrawnOperation_TellsOfTheOtherProvider()
    {
        ConnectWithMesh();
        _asm.OnCall = () => throw new MeshException(MeshErrorCode.AsmOperationWithdrawn, "withdrawn.");

        ScriptRun run = _mesh.Run($"'10.0.0.1' | {New}");

        Assert.Equal(["AsmOperationWithdrawn"], run.ErrorIds);
        Assert.Contains("-Provider Istio", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Remove_ByTheProviderOfGet_CallsAsmAndLeavesNothing()
    {
        ConnectWithMesh();
        _mesh.Run($"'10.0.0.1' | {New}");

        MeshVmApp app = Assert.Single(
            _mesh.Run("Get-MeshVmApp | Remove-MeshVmApp -Confirm:$false").OutputAs<MeshVmApp>());

        Assert.Equal(1, _asm.Removals);
        Assert.All(app.Objects, item => Assert.Equal(ChangeAction.Removed, item.Action));
        Assert.Empty(_mesh.Run("Get-MeshVmApp").Output);
    }

    private void ConnectWithMesh() => _mesh.Runtime.Add(new MeshSession(
        _mesh.Connection with { Id = Guid.NewGuid(), MeshId = "c0123456789abcdef0123456789abcdef" },
        _mesh.DataPlane, _mesh.ControlPlane, _asm));
}
