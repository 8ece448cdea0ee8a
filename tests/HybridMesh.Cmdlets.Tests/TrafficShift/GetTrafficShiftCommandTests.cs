using HybridMesh.Core;
using HybridMesh.Testing;

namespace HybridMesh.Cmdlets.Tests;

public sealed class GetTrafficShiftCommandTests : IDisposable
{
    private readonly ShiftMesh _mesh = new();

    public void Dispose() => _mesh.Dispose();

    [Fact]
    public void Without_Arguments_ListsEveryHttpRoute()
    {
        IReadOnlyList<TrafficShift> shifts = _mesh.Expect<TrafficShift>("Get-TrafficShift");
        Assert.Equal(
            [("gateway-vs", "0", 0, ":8004"), ("hello2-vs", "http-hello-route", 0, "/hello*"), ("hello2-vs", "http-bye-route", 1, "/bye")],
            shifts.Select(shift => (shift.VirtualService, shift.Route, shift.RouteIndex, shift.Match)));
        Assert.Equal(["hello1-svc.hello.svc.cluster.local"], shifts[0].Hosts);
        Assert.Equal([("hello1-svc", 100, 1)], shifts[0].Weights.Select(row => (row.Version, row.Weight, row.Endpoints)));
        Assert.Equal(
            [("v1", "v1", 30, 30.0, 1, "v1"), ("v2", "v2", 60, 60.0, 1, "v2"), ("v3", "v3", 10, 10.0, 1, "v3")],
            shifts[1].Weights.Select(row => (row.Version, row.Subset!, row.Weight, row.Percent, row.Endpoints, row.Labels["version"])));
        Assert.All(shifts, shift => Assert.Equal((null, null, "hello"), (shift.Action, shift.PreviousWeights, shift.Namespace)));
    }

    [Theory]
    [InlineData("hello*", "http-hello-route http-bye-route")]
    [InlineData("hello2-vs http-bye*", "http-bye-route")]
    [InlineData("hello2-vs 1", "http-bye-route")]
    [InlineData("-Route *hello*", "http-hello-route")]
    [InlineData("nothing*", "")]
    public void Names_TakeWildcardsAndPlaces(string arguments, string routes) =>
        Assert.Equal(routes, string.Join(' ', _mesh.Expect<TrafficShift>($"Get-TrafficShift {arguments}").Select(shift => shift.Route)));

    [Fact]
    public void NameThatIsNotThere_IsObjectNotFoundAboutIt()
    {
        System.Management.Automation.ErrorRecord error = _mesh.Fails("Get-TrafficShift nope-vs");
        Assert.Equal("ObjectNotFound,HybridMesh.Cmdlets.GetTrafficShiftCommand", error.FullyQualifiedErrorId);
        Assert.Equal("nope-vs", error.TargetObject);
    }

    [Fact]
    public void Proportions_AreKeptAndShownInPercent()
    {
        _mesh.Edit(item => item["spec"]!["http"]![0]!["route"]![2]!["weight"] = 30);
        TrafficShift shift = Assert.Single(_mesh.Expect<TrafficShift>("Get-TrafficShift hello2-vs http-hello-route"));
        Assert.Equal([(30, 25.0), (60, 50.0), (30, 25.0)], shift.Weights.Select(row => (row.Weight, row.Percent)));
    }

    [Fact]
    public void SubsetsWithoutEndpointsOrRule_HaveNone()
    {
        using ShiftMesh bare = new(withVersions: false);
        bare.Edit(item => item["spec"]!["http"]![0]!["route"]![2]!["destination"]!["subset"] = "v9");
        TrafficShift shift = Assert.Single(bare.Expect<TrafficShift>("Get-TrafficShift hello2-vs http-hello-route"));
        Assert.Equal([("v1", 0, 1), ("v2", 0, 1), ("v9", 0, 0)], shift.Weights.Select(row => (row.Version, row.Endpoints, row.Labels.Count)));
    }

    [Fact]
    public void TcpRoutes_AreLeftOutWithAWord()
    {
        _mesh.Control.Seed(KubernetesKind.VirtualService, """
            {"apiVersion":"networking.istio.io/v1beta1","kind":"VirtualService","metadata":{"name":"tcp-vs","namespace":"hello"},
             "spec":{"hosts":["db"],"tcp":[{"route":[{"destination":{"host":"db"}}]}]}}
            """);
        ScriptRun run = _mesh.Mesh.Run("Get-TrafficShift tcp* -Verbose");
        Assert.Empty(run.Output);
        Assert.Contains(run.Verbose, text => text.Contains("left out 1 tcp routes", StringComparison.Ordinal));
    }

    [Fact]
    public void Redirect_HasNoWeights()
    {
        _mesh.Edit(item => item["spec"]!["http"]![1]!.AsObject().Remove("route"));
        Assert.Empty(_mesh.Expect<TrafficShift>("Get-TrafficShift hello2-vs http-bye-route")[0].Weights);
    }

    [Fact]
    public void Stop_WhileReading_EndsWithinASecond()
    {
        TaskCompletionSource reading = new();
        _mesh.Control.OnCall = (_, token) => { reading.TrySetResult(); return Task.Delay(Timeout.Infinite, token); };
        using RunningScript running = _mesh.Mesh.Host.Start("Get-TrafficShift");
        running.WaitUntil(() => reading.Task.IsCompleted, "the first call");
        Assert.InRange(running.Stop(), TimeSpan.Zero, RunningScript.StopLimit);
    }

    [Fact]
    public void View_ShowsRoutesByVirtualService()
    {
        string text = _mesh.Mesh.Host.Render("Get-TrafficShift hello2-vs");
        Assert.Contains("VirtualService: hello/hello2-vs", text, StringComparison.Ordinal);
        Assert.Matches(@"http-hello-route +/hello\* +v1 30 %, v2 60 %, v3 10 % +1, 1, 1", text);
        Assert.Matches(@"http-bye-route +/bye +v1 90 %, v2 5 %, v3 5 % +1, 1, 1", text);
    }
}
