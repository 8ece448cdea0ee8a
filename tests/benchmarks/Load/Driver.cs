using System.Globalization;
using HybridMesh.Core;
using HybridMesh.Load;

namespace HybridMesh.Benchmarks.Load;

/// <summary>Sends requests as Measure-TrafficShift does, every answer attributed by its hop's address.</summary>
internal static class Driver
{
    public static async Task<int> RunAsync(Uri uri, int connections, int seconds, int? rate)
    {
        TrafficTally tally = Tally(null);
        LoadPlan plan = new()
        {
            Uri = uri,
            Concurrency = connections,
            Duration = TimeSpan.FromSeconds(seconds),
            Rate = rate,
        };
        LoadReport report = await new HttpLoadGenerator().RunAsync(plan, tally, default);
        string shares = string.Join(", ", tally.Versions.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Requests/sec: {tally.Requests / report.Elapsed.TotalSeconds:0.0}  {shares}; errors {tally.Errors.Values.Sum(error => error.Count)}, unattributed {tally.Unattributed}; connections {report.ConnectionsOpened}; {report.Latency}; late {report.Late}, dropped {report.Dropped}"));
        return tally.Requests == tally.Attributed ? 0 : 1;
    }

    /// <summary>Counts the hello's versions.</summary>
    public static TrafficTally Tally(int? wanted)
    {
        Dictionary<string, string> versions = HelloServer.Addresses.Select((address, i) => (address, i))
            .ToDictionary(pair => pair.address, pair => $"v{pair.i + 1}");
        return new TrafficTally(AttributionCache.Of(new AddressAttribution(versions, "hello2")), wanted);
    }
}
