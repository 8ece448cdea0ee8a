using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetMeshLabCommandTests : LabHostTests
{
    [Fact]
    public void Get_NoneRunning_SaysSo()
    {
        ScriptRun run = Host.Run("Get-MeshLab -Path $path");

        Assert.Equal(["LabNotRunning"], run.ErrorIds);
        Assert.Equal(Folder, run.Errors[0].TargetObject);
        Assert.Contains("Start-MeshLab", run.Errors[0].Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Get_WithoutPath_IsTheLabOfThisSession()
    {
        int started = Host.Run("Start-MeshLab -VmCount 0 -Path $path").OutputAs<Core.MeshLab>().Single().ProcessId;

        Assert.Equal(started, Host.Run("Get-MeshLab").OutputAs<Core.MeshLab>().Single().ProcessId);
    }

    [Fact]
    public void Get_FromAnotherSession_FindsItByPath()
    {
        int started = Host.Run("Start-MeshLab -VmCount 0 -Path $path").OutputAs<Core.MeshLab>().Single().ProcessId;

        Assert.Equal(started, NewHost().Run("Get-MeshLab -Path $path").OutputAs<Core.MeshLab>().Single().ProcessId);
    }

    [Fact]
    public void Get_StateOfALabThatWasKilled_IsNotRunning()
    {
        Core.MeshLab lab = Host.Run("Start-MeshLab -VmCount 0 -Path $path").OutputAs<Core.MeshLab>().Single();
        using (System.Diagnostics.Process process = System.Diagnostics.Process.GetProcessById(lab.ProcessId))
        {
            process.Kill();
            process.WaitForExit();
        }

        ScriptRun run = Host.Run("Get-MeshLab -Path $path");

        Assert.True(LabIsRunning, "the state file is still there");
        Assert.Equal(["LabNotRunning"], run.ErrorIds);
    }
}
