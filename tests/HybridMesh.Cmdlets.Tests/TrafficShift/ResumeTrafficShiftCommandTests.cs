using System.Management.Automation;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class ResumeTrafficShiftCommandTests : IDisposable
{
    private const string Invoke =
        "Invoke-TrafficShift hello2-vs http-hello-route -Uri http://127.21.0.1:8004/hello/eric -Step @{ v2 = 5 }, @{ v2 = 25 }, @{ v2 = 100 }";

    private readonly ShiftMesh _mesh = new();
    private readonly FakeLoadGenerator _load;

    public ResumeTrafficShiftCommandTests() => _load = _mesh.Load();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void ShiftThatWasCutOff_GoesOnFromItsStepAsItWasAsked()
    {
        _mesh.CutOff(_load, $"{Invoke} -Concurrency 3", step: 2);
        _load.Plans.Clear();
        IReadOnlyList<TrafficShiftStep> steps = _mesh.Expect<TrafficShiftStep>("Resume-TrafficShift hello2-vs");
        Assert.Equal([(2, ShiftAction.Passed), (3, ShiftAction.Completed)], steps.Select(step => (step.Step, step.Action)));
        Assert.All(_load.Plans, plan => Assert.Equal((3, "http://127.21.0.1:8004/hello/eric"), (plan.Concurrency, plan.Uri.ToString())));
        Assert.Equal([0, 100, 0], _mesh.Weights());
        Assert.Null(TrafficShiftMarker.Find(_mesh.VirtualService));
    }

    [Fact]
    public void StepThatDoesNotHold_RestoresTheWeightsFromBeforeTheShift()
    {
        _mesh.CutOff(_load, Invoke, step: 2);
        ScriptRun run = _mesh.Mesh.Run("Resume-TrafficShift hello2-vs -MaxP99 5ms");
        Assert.Equal(["ShiftRolledBack"], run.ErrorIds);
        Assert.Equal([30, 60, 10], _mesh.Weights());
    }

    [Fact]
    public void NoMarker_IsShiftNotFound()
    {
        ErrorRecord error = _mesh.Fails("Resume-TrafficShift hello2-vs");
        Assert.Equal("ShiftNotFound,HybridMesh.Cmdlets.ResumeTrafficShiftCommand", error.FullyQualifiedErrorId);
        Assert.Equal("hello2-vs", error.TargetObject);
        Assert.Contains("Invoke-TrafficShift", error.Exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OtherWeightsSince_AreNotOverwritten()
    {
        _mesh.CutOff(_load, Invoke, step: 2);
        _mesh.Edit(item => item["spec"]!["http"]![0]!["route"]![0]!["weight"] = 77);
        ErrorRecord error = _mesh.Fails("Resume-TrafficShift hello2-vs");
        Assert.StartsWith("ShiftOvertaken,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal([77, 25, 19], _mesh.Weights());
    }

    [Fact]
    public void ShiftThatStillRuns_StopsAndLeavesTheWeightsToTheNewOne()
    {
        _mesh.CutOff(_load, Invoke, step: 2);
        using FakeMesh other = new();
        other.Runtime.Add(new MeshSession(other.Connection, _mesh.Mesh.DataPlane, _mesh.Control, asm: null));
        FakeLoadGenerator slow = new() { OnRequest = _load.OnRequest };
        TaskCompletionSource go = new();
        slow.BeforeAnswer = (i, token) => i == 5 ? go.Task.WaitAsync(token) : Task.CompletedTask;
        other.Runtime.Load = slow;
        using RunningScript first = other.Host.Start("Resume-TrafficShift hello2-vs");
        first.WaitUntil(() => slow.Requests == 5, "five requests");

        Assert.Equal(2, _mesh.Expect<TrafficShiftStep>("Resume-TrafficShift hello2-vs").Count);
        go.SetResult();

        ScriptRun run = first.Wait();
        Assert.Equal(["ShiftOvertaken"], run.ErrorIds);
        Assert.Equal([0, 100, 0], _mesh.Weights());
    }

    [Fact]
    public void WhatIf_ChangesNothing()
    {
        _mesh.CutOff(_load, Invoke, step: 2);
        string before = _mesh.VirtualService.ToJsonString();
        int requests = _load.Requests;
        ScriptRun run = _mesh.Mesh.Run("Resume-TrafficShift hello2-vs -WhatIf");
        Assert.Contains("from step 2 of 3", run.HostText, StringComparison.Ordinal);
        Assert.Equal((before, requests), (_mesh.VirtualService.ToJsonString(), _load.Requests));
    }

    [Fact]
    public void Stop_EndsWithinASecondAndRestores()
    {
        _mesh.CutOff(_load, Invoke, step: 2);
        int before = _load.Requests;
        _load.BeforeAnswer = (_, token) => _load.Requests < before + 5 ? Task.CompletedTask : Task.Delay(Timeout.Infinite, token);
        using RunningScript running = _mesh.Mesh.Host.Start("Resume-TrafficShift hello2-vs");
        running.WaitUntil(() => _load.Requests == before + 5, "five requests");
        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
        Assert.True(SpinWait.SpinUntil(
            () => _mesh.Weights() is [30, 60, 10] && TrafficShiftMarker.Find(_mesh.VirtualService) is null, TimeSpan.FromSeconds(20)));
    }
}
