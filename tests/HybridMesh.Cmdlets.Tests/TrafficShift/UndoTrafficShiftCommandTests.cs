using System.Management.Automation;
using System.Text.Json.Nodes;
using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class UndoTrafficShiftCommandTests : IDisposable
{
    private readonly ShiftMesh _mesh = new();

    public UndoTrafficShiftCommandTests() => _mesh.CutOff(
        _mesh.Load(),
        "Invoke-TrafficShift hello2-vs http-hello-route -Uri http://127.21.0.1:8004/hello/eric -Step @{ v2 = 5 }, @{ v2 = 100 }",
        step: 1);

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void ShiftThatWasCutOff_IsUndone()
    {
        TrafficShift shift = Assert.Single(_mesh.Expect<TrafficShift>("Undo-TrafficShift hello2-vs"));
        Assert.Equal((ChangeAction.Updated, "http-hello-route", null), (shift.Action, shift.Route, shift.Marker));
        Assert.Equal([30, 60, 10], shift.Weights.Select(row => row.Weight));
        Assert.Equal([71, 5, 24], shift.PreviousWeights!.Select(row => row.Weight));
        Assert.Equal([30, 60, 10, 90, 5, 5], _mesh.Weights().Concat(_mesh.Weights(1)));
        Assert.Null(_mesh.VirtualService["metadata"]!["annotations"]);
    }

    [Fact]
    public void SecondTime_IsShiftNotFound()
    {
        _mesh.Expect<TrafficShift>("Undo-TrafficShift hello2-vs");
        ErrorRecord error = _mesh.Fails("Undo-TrafficShift hello2-vs");
        Assert.Equal("ShiftNotFound,HybridMesh.Cmdlets.UndoTrafficShiftCommand", error.FullyQualifiedErrorId);
        Assert.Equal("hello2-vs", error.TargetObject);
    }

    [Fact]
    public void OtherWeightsSince_AreOverwrittenOnlyByForce()
    {
        _mesh.Edit(item => item["spec"]!["http"]![0]!["route"]![0]!["weight"] = 77);
        ErrorRecord error = _mesh.Fails("Undo-TrafficShift hello2-vs");
        Assert.StartsWith("ShiftOvertaken,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("v1 77, v2 5, v3 24", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal([77, 5, 24], _mesh.Weights());
        _mesh.Expect<TrafficShift>("Undo-TrafficShift hello2-vs -Force");
        Assert.Equal([30, 60, 10], _mesh.Weights());
    }

    [Fact]
    public void OtherFieldsSince_Survive()
    {
        _mesh.Edit(item =>
        {
            item["metadata"]!["annotations"]!["team"] = "blue";
            item["spec"]!["http"]![0]!["timeout"] = "3s";
        });
        _mesh.Expect<TrafficShift>("Undo-TrafficShift hello2-vs");
        Assert.Equal("""{"team":"blue"}""", _mesh.VirtualService["metadata"]!["annotations"]!.ToJsonString());
        Assert.Equal("3s", (string)_mesh.VirtualService["spec"]!["http"]![0]!["timeout"]!);
    }

    [Fact]
    public void WhatIf_ShowsTheServersDryRunAndChangesNothing()
    {
        string before = _mesh.VirtualService.ToJsonString();
        ScriptRun run = _mesh.Mesh.Run("Undo-TrafficShift hello2-vs -WhatIf");
        Assert.Contains("v1 71 -> 30, v2 5 -> 60, v3 24 -> 10", run.HostText, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.Equal(before, _mesh.VirtualService.ToJsonString());
    }

    [Fact]
    public void MarkerThatCantBeRead_IsObjectInvalid()
    {
        _mesh.Edit(item => item["metadata"]!["annotations"]![TrafficShiftMarker.Annotation] = "{}");
        Assert.StartsWith("ObjectInvalid,", _mesh.Fails("Undo-TrafficShift hello2-vs").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Null(_mesh.Expect<TrafficShift>("Get-TrafficShift hello2-vs")[0].Marker);
        Assert.Contains("kubectl annotate", Assert.Single(_mesh.Mesh.Run("Set-TrafficShift hello2-vs 1 -Weight @{ v1 = 100 }").Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Get_ShowsTheMarker_AndPipesIntoUndo()
    {
        Assert.Matches(@"http-hello-route .* step 1/2", _mesh.Mesh.Host.Render("Get-TrafficShift hello2-vs"));
        Assert.Single(_mesh.Expect<TrafficShift>("Get-TrafficShift | Where-Object Marker | Undo-TrafficShift"));
    }

    [Fact]
    public void Set_WarnsOfIt() =>
        Assert.Matches(
            "step 1 of 2.*Resume-TrafficShift hello2-vs goes on.*Undo-TrafficShift hello2-vs goes back",
            Assert.Single(_mesh.Mesh.Run("Set-TrafficShift hello2-vs 1 -Weight @{ v1 = 100 }").Warnings));

    [Fact]
    public void Stop_WhileReading_EndsWithinASecond()
    {
        TaskCompletionSource reading = new();
        _mesh.Control.OnCall = (_, token) => { reading.TrySetResult(); return Task.Delay(Timeout.Infinite, token); };
        using RunningScript running = _mesh.Mesh.Host.Start("Undo-TrafficShift hello2-vs");
        running.WaitUntil(() => reading.Task.IsCompleted, "the first call");
        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
    }
}
