using System.Globalization;
using HybridMesh.Core;
using HybridMesh.Load;

namespace HybridMesh.Benchmarks.Load;

/// <summary>Sends many requests and shows at every tenth of them how much memory the process holds.</summary>
internal static class Endurance
{
    // What the process may grow by after its first tenth: the runtime still compiles the hot methods anew.
    private const long MaxGrowth = 16 * 1024 * 1024;

    public static async Task<int> RunAsync(Uri uri, int connections, int requests)
    {
        TrafficTally tally = Driver.Tally(requests);
        LoadPlan plan = new() { Uri = uri, Concurrency = connections };
        Task<LoadReport> run = new HttpLoadGenerator().RunAsync(plan, tally, default);
        int tenth = 0;
        long first = 0;
        long most = 0;
        while (tenth < 10)
        {
            int done = tally.Attributed;
            if (done < requests / 10 * (tenth + 1) && !run.IsCompleted)
            {
                await Task.Delay(20);
                continue;
            }

            tenth++;
            long held = Environment.WorkingSet;
            first = tenth == 1 ? held : first;
            most = Math.Max(most, held);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{done,12:N0} requests  {held / 1048576.0,7:0.0} MiB resident  {GC.GetTotalAllocatedBytes() / 1048576.0,7:0.0} MiB allocated since the start  {GC.CollectionCount(0)} collections"));
        }

        LoadReport report = await run;
        bool flat = most - first <= MaxGrowth && tally.Attributed == requests;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(flat ? "PASS" : "FAIL")}: {tally.Attributed:N0} answers in {report.Elapsed.TotalSeconds:0} s, memory grew by {(most - first) / 1048576.0:0.0} MiB after the first tenth (bar 16); {report.Latency}"));
        return flat ? 0 : 1;
    }
}
