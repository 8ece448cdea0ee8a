using System.Globalization;
using System.Xml.Linq;
using HybridMesh.Core;

namespace HybridMesh.Core.Tests;

/// <summary>Results as the commands give them.</summary>
internal static class ReportSamples
{
    public static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    public static MeshPath Works { get; } = new()
    {
        From = "vm1",
        Uri = new Uri("http://hello3-svc.hello.svc.cluster.local:8001/hello/eric"),
        Success = true,
        StatusCode = 200,
        Client = "curl",
        Latency = TimeSpan.FromMilliseconds(12.5),
        Hops =
        [
            new MeshHop
            {
                Greeting = "Bonjour", Address = "127.21.0.3", Name = "vm-entry",
                Kind = HopKind.Vm, Version = "v2",
            },
            new MeshHop
            {
                Greeting = "Hello", Address = "127.21.0.9", Name = "hello3-pod",
                Kind = HopKind.Pod, Version = "v1",
            },
        ],
    };

    public static MeshPath Fails(PathStage stage, int? status = null) => Works with
    {
        From = "vm2",
        Success = false,
        FailedStage = stage,
        StatusCode = status,
        Hops = stage is PathStage.Version or PathStage.Chain ? Works.Hops : [],
        Detail = $"vm2 came no further than {stage}; mend it.",
    };

    public static TrafficShiftResult Split(Verdict verdict = Verdict.Consistent, string version = "v1") => new()
    {
        Uri = new Uri("http://127.21.0.1:8004/hello/eric"),
        Namespace = "hello",
        VirtualService = "hello2-vs",
        Route = "http-hello-route",
        Versions = [Share(version, 30, 600, 27, 33), Share("v2", 60, 1200, 57, 63), Share("v3", 10, 200, 8, 12)],
        Verdict = verdict,
        Summary = $"{verdict}: 2,000 answers.",
        IntervalMethod = IntervalMethod.ClopperPearson,
        PValue = 0.4,
        PValueMethod = PValueMethod.Exact,
        Power = 0.91,
        StoppedBy = StopReason.Count,
        RequestsNeeded = 1906,
        Alpha = 0.001,
        Tolerance = 5,
        Requests = 2000,
        Attributed = verdict == Verdict.Undecided ? 100 : 2000,
        Unattributed = 0,
        Errors = new Dictionary<string, int>(),
        Elapsed = TimeSpan.FromSeconds(2),
        RequestsPerSecond = 1000,
        Latency = Took(20),
    };

    public static TrafficShiftStep Step(int step, ShiftAction action, int v2) => new()
    {
        Namespace = "hello",
        VirtualService = "hello2-vs",
        Route = "http-hello-route",
        Step = step,
        Steps = 3,
        Weights = [Weight("v1", 100 - v2), Weight("v2", v2)],
        Verdict = Verdict.Consistent,
        Action = action,
        Reason = "Because of it.",
        ErrorPercent = 0.5,
        P99 = TimeSpan.FromMilliseconds(40),
        Elapsed = TimeSpan.FromSeconds(step * 2),
        Measurement = Split(),
    };

    public static MeshDrift Drift(DriftSeverity severity) => new()
    {
        Kind = DriftKind.VersionDiffers,
        Severity = severity,
        Namespace = "hello",
        Address = "127.21.0.2",
        Message = "The versions differ.",
        Command = "Set-WorkloadEntryVersion -Version v2",
    };

    public static VmApp App { get; } = new() { Vm = Vm("vm1"), Name = "hello2", State = "running" };

    public static MeshVm Vm(string name) => new() { Name = name, Address = "127.21.0.2" };

    public static VmSidecar Sidecar(string vm, SidecarState state, params string[] problems) => new()
    {
        Vm = Vm(vm),
        State = state,
        TokenExpires = Now.AddMinutes(-90),
        Problems = problems,
    };

    public static TrafficWeight Weight(string version, double weight) => new()
    {
        Version = version,
        Subset = version,
        Host = "hello2-svc.hello.svc.cluster.local",
        Labels = new Dictionary<string, string> { ["version"] = version },
        Weight = (int)weight,
        Percent = weight,
        Endpoints = 1,
    };

    /// <summary>A page of results.</summary>
    public static string Html(params object[] items)
    {
        MeshReport report = new();
        foreach (object item in items)
        {
            report.Add(item);
        }

        return report.ToHtml("A report", Now);
    }

    /// <summary>The page, which is well-formed XML, so that any wrong escape fails here.</summary>
    public static XElement Page(string html) =>
        XElement.Parse(html[html.IndexOf("<html", StringComparison.Ordinal)..]);

    /// <summary>A number of a shape.</summary>
    public static double Number(this XElement shape, string attribute) =>
        double.Parse(shape.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    /// <summary>Whether a shape is of a class.</summary>
    public static bool Is(this XElement shape, string style) =>
        shape.Attribute("class")?.Value.Split(' ').Contains(style) == true;

    private static TrafficShare Share(string version, double expected, int observed, double low, double high) => new()
    {
        Version = version,
        Expected = expected,
        Observed = observed,
        Share = observed / 20.0,
        IntervalLow = low,
        IntervalHigh = high,
        Latency = Took(10),
    };

    private static LatencySummary Took(double milliseconds) => new()
    {
        P50 = TimeSpan.FromMilliseconds(milliseconds),
        P90 = TimeSpan.FromMilliseconds(milliseconds * 2),
        P95 = TimeSpan.FromMilliseconds(milliseconds * 3),
        P99 = TimeSpan.FromMilliseconds(milliseconds * 4),
        Max = TimeSpan.FromMilliseconds(milliseconds * 9),
    };
}
