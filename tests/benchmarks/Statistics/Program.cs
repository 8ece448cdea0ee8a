using System.Diagnostics;
using HybridMesh.Benchmarks.Statistics;

int runs = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture);
Stopwatch watch = Stopwatch.StartNew();
Bars bars = new();
FixedSize.FalseAlarms(bars, runs);
FixedSize.Power(bars, runs);
Sequential.FalseAlarms(bars, runs);
Sequential.WholeProcedure(bars, runs);
Sequential.StoppingTimes(bars, runs);
Coverage.OfFixedSize(bars, runs);
Coverage.OfAnyTime(bars, runs);
Sticky.FalseBlame(bars, runs);
Sticky.Power(bars, runs);
return bars.Verdict(runs, watch.Elapsed);
