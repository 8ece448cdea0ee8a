using System.Text;

namespace HybridMesh.Core;

/// <summary>Writes reports as the Export cmdlets write files: over what is there, unless told otherwise.</summary>
/// <param name="clock">The clock.</param>
public sealed class MeshReportWriter(TimeProvider clock)
{
    /// <summary>Refuses a file that can't be written, before anything is measured for it.</summary>
    /// <exception cref="MeshException">ArgumentInvalid, FileNotFound or ObjectExists.</exception>
    public static void Check(MeshReportRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        string path = request.Path;
        string? folder = Path.GetDirectoryName(path);
        if (Directory.Exists(path))
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid, $"'{path}' is a folder; name a file in it, such as report.html.", path);
        }

        if (!string.IsNullOrEmpty(folder) && !Directory.Exists(folder))
        {
            throw new MeshException(
                MeshErrorCode.FileNotFound,
                $"There is no folder '{folder}' to write the report to; make it first.", path);
        }

        FileInfo file = new(path);
        if (file.Exists && request.NoClobber)
        {
            throw new MeshException(
                MeshErrorCode.ObjectExists,
                $"'{path}' exists and -NoClobber is given; without it the file is replaced.", path);
        }

        if (file.Exists && file.IsReadOnly && !request.Force)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid, $"'{path}' is write-protected; -Force replaces it all the same.", path);
        }

        TryOut(path);
    }

    // Whether a file may be made beside it is known only when it is: minutes of measuring must not end in that error.
    private static void TryOut(string path)
    {
        try
        {
            using FileStream made = new(
                $"{Target(path)}.{Guid.NewGuid():N}.tmp", FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshException(
                MeshErrorCode.ArgumentInvalid, $"The file '{path}' can't be written: {e.Message}", path, e);
        }
    }

    // A link stays one.
    private static string Target(string path)
    {
        FileInfo file = new(path);
        return file.LinkTarget is null ? path : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }

    /// <summary>Writes the report beside the file and renames it, so that nobody ever reads half of it.</summary>
    /// <exception cref="MeshException">ArgumentInvalid, FileNotFound or ObjectExists.</exception>
    public async Task WriteAsync(MeshReport report, MeshReportRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(report);
        Check(request);
        byte[] content = Encoding.UTF8.GetBytes(report.ToHtml(request.Title, clock.GetUtcNow()));
        FileInfo file = new(request.Path);

        // A file that only its owner may read stays so.
        string target = Target(request.Path);
        bool isPrivate = !OperatingSystem.IsWindows() && File.Exists(target)
            && (File.GetUnixFileMode(target) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) == 0;
        if (OperatingSystem.IsWindows() && request.Force && file.Exists)
        {
            file.IsReadOnly = false;
        }

        await WholeFile.WriteAsync(target, content, isPrivate, cancellationToken).ConfigureAwait(false);
    }
}
