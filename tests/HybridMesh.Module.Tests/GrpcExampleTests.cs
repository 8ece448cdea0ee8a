using System.Text.RegularExpressions;
using HybridMesh.Testing;

namespace HybridMesh.Module.Tests;

/// <summary>examples/grpc-reciprocal beside examples/http-reciprocal, on the same VMs.</summary>
[Collection(ExampleCollection.Name)]
public sealed class GrpcExampleTests(ExampleRun example)
{
    [Fact]
    public async Task Run_CallsAreSplit_AndPinnedConnectionsAreFound()
    {
        ProcessResult run = await example.FirstGrpcAsync();

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains(
            "the split is 'Consistent', with pinned connections 'Inconsistent' by 'StickyConnection', as it must be",
            run.Output, StringComparison.Ordinal);
        Assert.Contains("The app before the measured host probably keeps", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"- hello1-deploy-\S+ \(\S+\) lies before the measured host", run.Output);
        Assert.Contains("> Get-MeshPod -Namespace grpc-reciprocal-hello", run.Output, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Run_ASecondTime_ChangesNothingAndLeavesHttpAlone()
    {
        await example.FirstGrpcAsync();
        string hosts = await example.HostsFilesAsync();

        ProcessResult second = await example.RunGrpcAsync();
        ProcessResult http = await example.ConnectedAsync(
            "$path = Test-MeshPath -FromPod app=hello1-deploy -Container hello-v1-deploy "
            + "-Uri http://hello1-svc.http-reciprocal-hello.svc.cluster.local:8004/hello/eric; "
            + "\"$($path.Success) $($path.Hops.Count)\"");

        Assert.True(second.ExitCode == 0, second.Output + second.Error);
        Assert.DoesNotMatch(new Regex("Created|Updated|Removed"), second.Output);
        Assert.Contains("Unchanged", second.Output, StringComparison.Ordinal);
        Assert.Equal(hosts, await example.HostsFilesAsync());
        Assert.Contains("True 3", http.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckOnly_WithLabPathAlone_MeasuresThatLab()
    {
        await example.FirstGrpcAsync();
        string script = Path.Combine(RepositoryFiles.Root, "examples", "grpc-reciprocal", "run.ps1");
        string elsewhere = Directory.CreateTempSubdirectory("hybridmesh-test-").FullName;
        try
        {
            ProcessResult check = await example.ConnectedAsync(
                $"$env:XDG_STATE_HOME = '{elsewhere}'; & '{script}' -CheckOnly -LabPath '{example.Lab.Path}'; "
                + "exit $LASTEXITCODE");

            Assert.True(check.ExitCode == 0, check.Output + check.Error);
            Assert.Contains("the split is 'Consistent'", check.Output, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    [Fact]
    public async Task CheckOnly_WithABackendDown_SaysWhyInGrpcsWords()
    {
        LabVm vm = example.Lab.Vms[1];
        await example.FirstGrpcAsync();
        _ = (await LabFixture.RunOnVmAsync(vm, "docker stop grpc-hello2")).Text;
        try
        {
            ProcessResult check = await example.RunGrpcAsync("-CheckOnly");

            Assert.Equal(1, check.ExitCode);
            Assert.Contains("grpc-status 14 (UNAVAILABLE)", check.Output + check.Error, StringComparison.Ordinal);
            Assert.Contains("upstream connect error", check.Output + check.Error, StringComparison.Ordinal);
        }
        finally
        {
            _ = (await LabFixture.RunOnVmAsync(vm, "docker start grpc-hello2")).Text;
        }
    }
}
