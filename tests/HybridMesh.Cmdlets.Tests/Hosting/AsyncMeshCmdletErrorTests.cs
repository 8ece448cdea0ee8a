using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Testing;
using Microsoft.Extensions.Time.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class AsyncMeshCmdletErrorTests : IDisposable
{
    private readonly CmdletHost _host = CmdletHost.ForCmdlets(typeof(AsyncMeshCmdletErrorTests).Assembly);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void WriteError_GoesOnAndCarriesIdCategoryAndTarget()
    {
        object target = new();
        SetBody(async (writer, _) =>
        {
            await writer.WriteErrorAsync(new MeshException(MeshErrorCode.VmUnreachable, "no answer"), target);
            await writer.WriteAsync("went on");
        });

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body");

        ErrorRecord error = Assert.Single(run.Errors);
        Assert.Equal("VmUnreachable,HybridMesh.Cmdlets.Tests.InvokeProbeCommand", error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.ConnectionError, error.CategoryInfo.Category);
        Assert.Same(target, error.TargetObject);
        Assert.Equal(["went on"], run.OutputAs<string>());
        Assert.Null(run.TerminatingError);
    }

    [Fact]
    public void WriteError_WithoutTarget_TakesTheExceptionsOwn()
    {
        SetBody((writer, _) => writer.WriteErrorAsync(
            new MeshException(MeshErrorCode.PortInvalid, "bad port", target: "http=1"), target: null));

        Assert.Equal("http=1", Assert.Single(_host.Run("Invoke-Probe -AtEnd $body").Errors).TargetObject);
    }

    [Fact]
    public void WriteError_WithErrorActionStop_EndsTheWorkerAndThePipeline()
    {
        bool wentOn = false;
        Exception? seen = null;
        SetBody(async (writer, _) =>
        {
            seen = await Record.ExceptionAsync(() => writer.WriteErrorAsync(
                new MeshException(MeshErrorCode.VmUnreachable, "no answer"), target: null));
            if (seen is not null)
            {
                throw seen;
            }

            wentOn = true;
        });

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body -ErrorAction Stop; 'next'");

        Assert.Equal("VmUnreachable", run.TerminatingError?.FullyQualifiedErrorId.Split(',')[0]);
        Assert.IsAssignableFrom<OperationCanceledException>(seen);
        Assert.False(wentOn);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Throw_MeshException_TerminatesWithItsCodeAndTarget()
    {
        SetBody((_, _) => throw new MeshException(MeshErrorCode.NotConnected, "run Connect-Mesh", target: "here"));

        ScriptRun run = _host.Run("try { Invoke-Probe -AtEnd $body } catch { $_ }");

        ErrorRecord caught = Assert.Single(run.OutputAs<ErrorRecord>());
        Assert.Equal("NotConnected,HybridMesh.Cmdlets.Tests.InvokeProbeCommand", caught.FullyQualifiedErrorId);
        Assert.Equal("run Connect-Mesh", caught.Exception.Message);
        Assert.Equal("here", caught.TargetObject);
    }

    [Fact]
    public void Throw_AnythingElse_TerminatesAsUnspecified()
    {
        SetBody(async (_, _) =>
        {
            await Task.Yield();
            throw new InvalidDataException("odd");
        });

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body");

        Assert.Equal(["Unspecified"], run.ErrorIds);
        Assert.IsType<InvalidDataException>(run.Errors[0].Exception);
    }

    [Fact]
    public void Throw_CancellationThatNobodyAskedFor_IsAnError()
    {
        SetBody((_, _) => throw new TaskCanceledException("an adapter's own time-out"));

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body");

        Assert.Equal(["Unspecified"], run.ErrorIds);
    }

    [Theory]
    [InlineData("-WhatIf", false)]
    [InlineData("-Confirm:$false", true)]
    public void ShouldProcess_FollowsWhatIf(string switches, bool expected)
    {
        SetBody(async (writer, _) => await writer.WriteAsync(await writer.ShouldProcessAsync("VM 'a'", "stop app")));

        ScriptRun run = _host.Run($"Invoke-Probe -AtEnd $body {switches}");

        Assert.Equal([expected], run.OutputAs<bool>());
        Assert.Equal(!expected, run.HostText.Contains("\"stop app\" on target \"VM 'a'\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ShouldProcess_StoppedWhileAsking_EndsPromptlyOnceTheHostLetsGo()
    {
        using ManualResetEventSlim asked = new();
        using ManualResetEventSlim letGo = new();
        TaskCompletionSource<Exception?> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Host.Choose = _ =>
        {
            asked.Set();
            letGo.Wait(CmdletHost.Limit);
            return 0;
        };
        SetBody(async (writer, _) =>
        {
            Exception? exception = await Record.ExceptionAsync(() => writer.ShouldProcessAsync("VM 'a'", "stop app"));
            seen.SetResult(exception);
            letGo.Set();
            throw exception ?? new InvalidOperationException("went on");
        });
        using RunningScript running = _host.Start("Invoke-Probe -AtEnd $body -Confirm");
        running.WaitUntil(() => asked.IsSet, "the question");

        TimeSpan took = running.Stop();

        Assert.True(took < TimeSpan.FromSeconds(1), $"Stop took {took}.");
        Assert.IsAssignableFrom<OperationCanceledException>(await seen.Task.WaitAsync(CmdletHost.Limit));
        Assert.Empty(running.Wait().Errors);
    }

    [Fact]
    public void ProgressVerboseAndWarning_ReachTheirStreams()
    {
        SetBody((writer, _) =>
        {
            writer.Verbose("decided");
            writer.Warning("act");
            writer.Progress("Working", "1 of 2", 50);
            writer.Progress("Working", "done", 100);
            return Task.CompletedTask;
        });

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body -Verbose");

        Assert.Equal(["decided"], run.Verbose);
        Assert.Equal(["act"], run.Warnings);
        Assert.Equal(
            [ProgressRecordType.Processing, ProgressRecordType.Completed], run.Progress.Select(item => item.RecordType));
    }

    [Fact]
    public void Progress_OfWorkOverASecond_ShowsTheStepUnderWayAndEnds()
    {
        FakeTimeProvider clock = new();
        MeshRuntime.For(_host.Runspace).Clock = clock;
        SetBody((writer, _) =>
        {
            writer.Verbose("Reading https://mesh.invalid.");
            clock.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        });

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body");

        Assert.Equal(
            [("Reading https://mesh.invalid.", ProgressRecordType.Processing), ("Done", ProgressRecordType.Completed)],
            run.Progress.Select(item => (item.StatusDescription, item.RecordType)));
        Assert.All(run.Progress, item => Assert.Equal("Invoke-Probe", item.Activity));
    }

    [Fact]
    public void Progress_OfShortWorkOrBesideTheBodysOwn_StaysAway()
    {
        FakeTimeProvider clock = new();
        MeshRuntime.For(_host.Runspace).Clock = clock;
        SetBody((writer, _) =>
        {
            clock.Advance(TimeSpan.FromSeconds(0.9));
            writer.Progress("Counting", "1 of 2", 50);
            clock.Advance(TimeSpan.FromSeconds(5));
            writer.Progress("Counting", "done", 100);
            return Task.CompletedTask;
        });

        ScriptRun run = _host.Run("Invoke-Probe -AtEnd $body");

        Assert.Equal(["1 of 2", "done"], run.Progress.Select(item => item.StatusDescription));
    }

    private void SetBody(ProbeBody body) => _host.With("body", body);
}
