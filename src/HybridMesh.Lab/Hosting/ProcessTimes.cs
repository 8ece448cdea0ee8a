using System.Globalization;

namespace HybridMesh.Lab;

/// <summary>
/// When a process started, in the kernel's ticks since boot: tells a process from a later one with its number.
/// </summary>
internal static class ProcessTimes
{
    public static long? StartOf(int processId)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            // The name, in parentheses, may hold anything; the fields after it count from 3, the start time is 22.
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" ? null : long.Parse(fields[19], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
