using System.Globalization;
using System.Runtime.InteropServices;

namespace HybridMesh.Lab;

/// <summary>
/// A lab's folder: locked by the lab that uses it; knows which processes the lab started, so that a next one can end
/// what a crash left behind.
/// </summary>
internal sealed class LabFolder : IDisposable
{
    private readonly FileStream _lock;

    private LabFolder(string path, FileStream @lock)
    {
        Path = path;
        _lock = @lock;
    }

    public string Path { get; }

    public string StateFile => StateFileOf(Path);

    private string ProcessFile => System.IO.Path.Combine(Path, "processes");

    public static string StateFileOf(string path) => System.IO.Path.Combine(path, "lab.json");

    public static LabFolder Take(string path)
    {
        FolderTree.Create(path);
        FileStream file = LockFile.TryTake(System.IO.Path.Combine(path, "lab.lock"))
            ?? throw new LabException($"A lab is running in '{path}' already: stop it first, or take another --path.");
        LabFolder folder = new(path, file);
        folder.Clean();
        return folder;
    }

    /// <summary>Notes a process with its start time: numbers are given out again, start times are not.</summary>
    public void Note(int processId)
    {
        if (ProcessTimes.StartOf(processId) is { } start)
        {
            lock (_lock)
            {
                File.AppendAllText(ProcessFile, string.Create(CultureInfo.InvariantCulture, $"{processId} {start}\n"));
            }
        }
    }

    public void Dispose()
    {
        File.Delete(StateFile);
        File.Delete(ProcessFile);
        FolderTree.Delete(System.IO.Path.Combine(Path, "places"));
        _lock.Dispose();
    }

    private void Clean()
    {
        File.Delete(StateFile);
        if (File.Exists(ProcessFile))
        {
            foreach (string line in File.ReadLines(ProcessFile))
            {
                string[] fields = line.Split(' ');
                if (fields.Length == 2 && int.TryParse(fields[0], CultureInfo.InvariantCulture, out int id)
                    && ProcessTimes.StartOf(id)?.ToString(CultureInfo.InvariantCulture) == fields[1])
                {
                    _ = NativeMethods.Kill(id, NativeMethods.SigKill);
                }
            }

            File.Delete(ProcessFile);
        }

        FolderTree.Delete(System.IO.Path.Combine(Path, "places"));
    }

    private static class NativeMethods
    {
        public const int SigKill = 9;

        [DllImport("libc", EntryPoint = "kill")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int processId, int signal);
    }
}
