using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class ExportMeshReportCommandTests : IDisposable
{
    private static readonly MeshPath Works = new() { From = "vm1", Uri = new Uri("http://hello/"), Success = true };

    private readonly CmdletHost _host = CmdletHost.ForCmdlets(typeof(ExportMeshReportCommand).Assembly);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hybridmesh-report-");

    public ExportMeshReportCommandTests()
    {
        MeshRuntime.For(_host.Runspace).Clock = new FakeTimeProvider(
            new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
        _host.With("folder", _folder.FullName).With("path", Works);
    }

    private string Report => Path.Combine(_folder.FullName, "report.html");

    public void Dispose()
    {
        _host.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Results_BecomeAFile_WhichIsGiven()
    {
        FileInfo file = Assert.IsType<FileInfo>(Assert.Single(_host.Expect(
            "$path, $path | Export-MeshReport $folder/report.html -Title 'For the <manager>'")).BaseObject);

        Assert.Equal(Report, file.FullName);
        string html = File.ReadAllText(Report);
        Assert.Contains("<title>For the &lt;manager&gt;</title>", html, StringComparison.Ordinal);
        Assert.Contains("2026-05-04 03:02 UTC", html, StringComparison.Ordinal);
        Assert.Contains("All 2 paths tested work", html, StringComparison.Ordinal);
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void Path_IsRelativeToTheLocation()
    {
        _host.Runspace.SessionStateProxy.Path.SetLocation(_folder.FullName);
        _host.Expect("$path | Export-MeshReport report.html");
        Assert.True(File.Exists(Report));
    }

    [Fact]
    public void InputObject_TakesAList()
    {
        _host.Expect("Export-MeshReport $folder/report.html -InputObject $path, $path");
        Assert.Contains("All 2 paths tested work", File.ReadAllText(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIf_WritesNothing()
    {
        Assert.Empty(_host.Expect("$path | Export-MeshReport $folder/report.html -WhatIf"));
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void FileThatIsThere_IsOverwritten_ButNotWithNoClobber()
    {
        File.WriteAllText(Report, "mine");
        ErrorRecord error = Assert.Single(_host.Run("$path | Export-MeshReport $folder/report.html -NoClobber").Errors);
        Assert.Equal("ObjectExists,HybridMesh.Cmdlets.ExportMeshReportCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ResourceExists, error.CategoryInfo.Category);
        Assert.Equal(Report, error.TargetObject);
        Assert.Equal("mine", File.ReadAllText(Report));

        _host.Expect("$path | Export-MeshReport $folder/report.html");
        Assert.Contains("<!DOCTYPE html>", File.ReadAllText(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void WriteProtectedFile_TakesForce()
    {
        File.WriteAllText(Report, "mine");
        new FileInfo(Report).IsReadOnly = true;
        Assert.Equal(["ArgumentInvalid"], _host.Run("$path | Export-MeshReport $folder/report.html").ErrorIds);
        Assert.Equal("mine", File.ReadAllText(Report));

        _host.Expect("$path | Export-MeshReport $folder/report.html -Force");
        Assert.Contains("<!DOCTYPE html>", File.ReadAllText(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void FolderMissing_IsSaidBeforeAnythingIsMeasured()
    {
        ScriptRun run = _host.Run(
            "& { $global:measured = $true; $path } | Export-MeshReport $folder/none/report.html; $global:measured");
        Assert.Equal("FileNotFound", Assert.Single(run.ErrorIds));
        Assert.DoesNotContain(run.Output, item => item?.BaseObject is true);
    }

    [UnixFact]
    public void FileThatCanNotBeMade_IsSaidBeforeAnythingIsMeasured()
    {
        // Nobody, not even root, makes files there.
        ScriptRun run = _host.Run(
            "& { $global:measured = $true; $path } | Export-MeshReport /proc/report.html; $global:measured");
        Assert.Equal("ArgumentInvalid", Assert.Single(run.ErrorIds));
        Assert.Equal("/proc/report.html", run.Errors[0].TargetObject);
        Assert.DoesNotContain(run.Output, item => item?.BaseObject is true);
    }

    [Fact]
    public void NoResults_GiveAPageThatSaysSo()
    {
        _host.Expect("@() | Export-MeshReport $folder/report.html");
        Assert.Contains("No result came in", File.ReadAllText(Report), StringComparison.Ordinal);
    }

    [Fact]
    public void Failure_LeavesTheFileThatWasThereAndNothingElse()
    {
        File.WriteAllText(Report, "mine");
        _host.Run("& { $path; throw 'broken' } | Export-MeshReport $folder/report.html");
        Assert.Equal("mine", File.ReadAllText(Report));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public void UnknownKinds_AreErrorsAboutThem_AndTheRestIsReported()
    {
        ScriptRun run = _host.Run("'text', $path, 5 | Export-MeshReport $folder/report.html");
        Assert.Equal(["ArgumentInvalid", "ArgumentInvalid"], run.ErrorIds);
        Assert.Equal(["text", 5], run.Errors.Select(error => error.TargetObject));
        Assert.Contains("The path tested works", File.ReadAllText(Report), StringComparison.Ordinal);
    }

    [UnixFact]
    public void LinkAndPrivateFile_StayWhatTheyAre()
    {
        string target = Path.Combine(_folder.FullName, "target.html");
        File.WriteAllText(target, "");
        File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(Report, target);
        _host.Expect("$path | Export-MeshReport $folder/report.html");

        Assert.Equal(target, new FileInfo(Report).LinkTarget);
        Assert.Contains("<!DOCTYPE html>", File.ReadAllText(target), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(target));
    }

    [Fact]
    public void Stop_WhileResultsCome_LeavesNoFile()
    {
        TaskCompletionSource begun = new();
        using RunningScript running = _host.With("begun", begun).Start(
            "& { $path; $begun.SetResult(); while ($true) { [Threading.Thread]::Sleep(10) } } "
                + "| Export-MeshReport $folder/report.html");
        running.WaitUntil(() => begun.Task.IsCompleted, "the first result");
        running.Stop();
        Assert.Empty(_folder.GetFiles());
    }
}
