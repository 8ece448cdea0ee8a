using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

/// <summary>VMs that are dead, steps that fail and runs that are stopped.</summary>
public sealed class RemoveMeshVmFailureTests : OnboardedVmTests
{
    [Fact]
    public void FailureHalfWay_SaysWhatWasDone_AndASecondRunCompletesIt()
    {
        Mesh.ControlPlane.OnCall = (call, _) => call is { Verb: "delete", DryRun: false }
            ? Task.FromException(new MeshException(MeshErrorCode.ApiUnavailable, "The server answered 500."))
            : Task.CompletedTask;

        ScriptRun failed = Mesh.Run($"$vms[0] | {Remove} -Force");
        Mesh.ControlPlane.OnCall = (_, _) => Task.CompletedTask;
        ScriptRun again = Mesh.Run($"$vms[0] | {Remove}");

        Assert.Equal(["ApiUnavailable"], failed.ErrorIds);
        string text = failed.Errors[0].Exception.Message;
        Assert.Contains(
            "Done: labels app=hello-workload taken off WorkloadEntry mesh-expansion-hello2-svc-1",
            text, StringComparison.Ordinal);
        Assert.Contains(
            "Not done: remove WorkloadEntry mesh-expansion-hello2-svc-1, Remove 172.19.0.3",
            text, StringComparison.Ordinal);
        Assert.Empty(again.Errors);
        Assert.Equal(3, Assert.Single(again.OutputAs<RemovedMeshVm>()).Objects.Count);
        Assert.Equal(2, Entries().Count);
    }

    [Fact]
    public void FailureOnTheVm_SaysWhichStepWasNotDone()
    {
        Mesh.Vms.OnRun = (command, token) =>
            (command.StandardInput ?? "").Contains("run stop", StringComparison.Ordinal)
                ? Task.FromResult(new CommandResult(1, "runtime docker\n", "the daemon is down"))
                : Files.RunAsync(command, token);

        ScriptRun run = Mesh.Run($"$vms[0] | {Remove} -Force");

        string text = Assert.Single(run.Errors).Exception.Message;
        Assert.Contains("Removed HostRecord/", text, StringComparison.Ordinal);
        Assert.Contains(
            "Not done: Stop image 'demo/hello:1' and remove its container.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void UnreachableVm_IsAnErrorBeforeAnythingChanges_AndSkipUnreachableLetsTheMeshForgetIt()
    {
        string before = Everything();
        Mesh.Vms.ConnectFailures["vm1"] = new MeshException(MeshErrorCode.VmUnreachable, "VM 'vm1' refused port 22.");

        ScriptRun refused = Mesh.Run($"$vms[0] | {Remove} -Force");
        string between = Everything();
        ScriptRun skipped = Mesh.Run($"$vms[0] | {Remove} -Force -SkipUnreachable");

        Assert.Equal(["VmUnreachable"], refused.ErrorIds);
        Assert.Equal(before, between);
        Assert.Empty(skipped.Errors);
        Assert.Contains("what is on it stays", Assert.Single(skipped.Warnings), StringComparison.Ordinal);
        Assert.Contains(
            "refused port 22", Assert.Single(skipped.OutputAs<RemovedMeshVm>()).Left, StringComparison.Ordinal);
        Assert.Equal(2, Entries().Count);
        Assert.Contains("hello3-svc", Files.Hosts["vm1"], StringComparison.Ordinal);
    }

    // istiod makes an auto-registered entry anew as long as its sidecar is connected.
    [Fact]
    public void EntryThatComesBack_IsAnError_NotASuccess()
    {
        Mesh.ControlPlane.OnCall = (call, _) =>
        {
            if (call is { Verb: "find", Kind: "WorkloadEntry" })
            {
                SeedEntry(call.Name!, "192.168.0.170", "{}");
            }

            return Task.CompletedTask;
        };

        ScriptRun run = Mesh.Run($"$vms[0] | {Remove} -Force");

        Assert.Equal(["ReadBackMismatch"], run.ErrorIds);
        Assert.Contains("is there again, made by kubectl", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void DeadVmOfAList_WithoutSsh_IsFoundByItsAddressAlone()
    {
        Mesh.Vms.ConnectFailures["192.168.0.172"] = new MeshException(MeshErrorCode.VmUnreachable, "No route.");

        ScriptRun run = Mesh.Run(
            $"Get-WorkloadEntry -Address 192.168.0.172 | ForEach-Object {{ @{{ Address = $_.Address }} }} | "
            + $"{Remove} -Force -SkipUnreachable");

        Assert.Empty(run.Errors);
        Assert.Equal(2, Entries().Count);
    }

    [Fact]
    public void Stop_WhileDraining_EndsWithinASecond_AndPutsTheLabelsBack()
    {
        using RunningScript running = Mesh.Host.Start("$vms[0] | Remove-MeshVm -Force -DrainSec 600 -Confirm:$false");
        running.WaitUntil(() => Mesh.ControlPlane.Writes.Any(call => call.Verb == "patch"), "the drain");

        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);

        Assert.Equal("hello-workload", Entries()[0]["spec"]!["labels"]!["app"]!.GetValue<string>());
        Assert.Contains("hello3-svc", Files.Hosts["vm1"], StringComparison.Ordinal);
    }
}
