using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class StartMeshLabCommandTests : LabHostTests
{
    [Fact]
    public void Start_Twice_GivesTheRunningLab()
    {
        Core.MeshLab first = Host.Run("Start-MeshLab -VmCount 1 -Path $path").OutputAs<Core.MeshLab>().Single();

        Core.MeshLab second = Host.Run("Start-MeshLab -Path $path").OutputAs<Core.MeshLab>().Single();

        Assert.Equal(first.ProcessId, second.ProcessId);
        Assert.Equal((Folder, 1, false), (first.Path, first.VmCount, first.Detached));
        Assert.True(File.Exists(first.Kubeconfig) && File.Exists(first.MeshKubeconfig) && File.Exists(first.VmPath));
        Assert.StartsWith("ssh -i ", Assert.Single(first.SshCommand), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_TheLabOfAnotherProcess_WarnsOnceThatItEndsWithIt()
    {
        Assert.Empty(Host.Run("Start-MeshLab -VmCount 0 -Path $path; Start-MeshLab -Path $path").Warnings);
        CmdletHost other = NewHost();
        Assert.Empty(other.Run("Start-MeshLab -Path $path").Warnings);
        string file = Path.Combine(Folder, "lab.json");
        JsonNode state = JsonNode.Parse(File.ReadAllText(file))!;
        Assert.Equal(Environment.ProcessId, (int?)state["parentId"]);
        state["parentId"] = 1;
        File.WriteAllText(file, state.ToJsonString());
        CmdletHost third = NewHost();

        string warning = Assert.Single(third.Run("Start-MeshLab -Path $path; Start-MeshLab -Path $path").Warnings);

        Assert.Contains($"The lab in '{Folder}'", warning, StringComparison.Ordinal);
        Assert.Contains("ends with process 1, which started it", warning, StringComparison.Ordinal);
        Assert.Contains("Start-MeshLab -Path", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_TheDetachedLabOfAnotherProcess_IsSilent()
    {
        Host.Expect("Start-MeshLab -VmCount 0 -Path $path -Detached");
        Assert.Empty(NewHost().Run("Start-MeshLab -Path $path").Warnings);
    }

    [Fact]
    public async Task Start_TwoSessionsAtOnce_StartOneLab()
    {
        CmdletHost other = NewHost();

        ScriptRun[] runs = await Task.WhenAll(
            Task.Run(() => Host.Run("Start-MeshLab -VmCount 0 -Path $path")),
            Task.Run(() => other.Run("Start-MeshLab -VmCount 0 -Path $path")));

        Assert.All(runs, run => Assert.Empty(run.Errors));
        Assert.Single(runs.Select(run => run.OutputAs<Core.MeshLab>().Single().ProcessId).Distinct());
    }

    [Fact]
    public void Start_OtherVmCountThanTheRunningLab_IsAMismatchNamingStop()
    {
        Host.Expect("Start-MeshLab -VmCount 0 -Path $path");

        ScriptRun run = Host.Run("Start-MeshLab -VmCount 2 -Path $path");

        Assert.Equal(["LabMismatch"], run.ErrorIds);
        Assert.Contains("Stop-MeshLab", run.Errors[0].Exception.Message, StringComparison.Ordinal);
        Assert.IsType<Core.MeshLab>(run.Errors[0].TargetObject);
    }

    [Fact]
    public void Start_WhatIf_StartsNothing()
    {
        ScriptRun run = Host.Run("Start-MeshLab -Path $path -WhatIf");

        Assert.Empty(run.Errors);
        Assert.Empty(run.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public void Start_NotBuilt_SaysHowToBuild()
    {
        MeshRuntime.For(Host.Runspace).Lab.Program = Path.Combine(Folder, "HybridMesh.Lab.dll");

        ScriptRun run = Host.Run("Start-MeshLab -Path $path");

        Assert.Equal(["LabStartFailed"], run.ErrorIds);
        Assert.Contains("./build.sh build", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_ScriptBlockAsPath_IsRefused()
    {
        ScriptRun run = Host.Run("Start-MeshLab -Path { 'x' }");

        Assert.Single(run.Errors);
        Assert.False(Directory.Exists(" 'x' "));
    }

    [Fact]
    public void Stop_WhileStarting_EndsWithinASecondAndLeavesNoLab()
    {
        using RunningScript running = Host.Start("Start-MeshLab -VmCount 40 -Path $path -Verbose");
        running.WaitUntil(() => File.Exists(Path.Combine(Folder, "lab.lock")), "the lab's process has begun");

        TimeSpan elapsed = running.Stop();

        Assert.InRange(elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.False(LabIsRunning);
        Host.Expect("Start-MeshLab -VmCount 0 -Path $path");
    }

    [Fact]
    public void Table_OfALab_ShowsNoCredentials()
    {
        Host.Expect("$lab = Start-MeshLab -VmCount 0 -Path $path");
        string secret = (string)Host.Expect("$lab.AccessKeySecret")[0].BaseObject;

        string text = Host.Render("$lab") + Host.Expect("\"$lab\"")[0];

        Assert.NotEmpty(secret);
        Assert.Contains(Folder, text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }
}
