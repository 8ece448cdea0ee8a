using System.Text.Json;

namespace HybridMesh.Core;

/// <summary>The folder of a lab and the state file the running lab keeps there.</summary>
public static class LabFolder
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>
    /// One folder per user: below $XDG_STATE_HOME, else ~/.local/state. Never below a shared temporary folder, where
    /// another user could prepare it.
    /// </summary>
    public static string Default
    {
        get
        {
            string? state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            string root = Path.IsPathRooted(state)
                ? state
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            return Path.Combine(root, "hybridmesh", "lab");
        }
    }

    /// <summary>The full path of a lab's folder, or of the default one.</summary>
    public static string Resolve(string? path) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(string.IsNullOrEmpty(path) ? Default : path));

    /// <summary>What the lab of a folder wrote of itself; null when there is none.</summary>
    internal static async Task<LabStateFile?> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        try
        {
            FileStream file = File.OpenRead(Path.Combine(folder, "lab.json"));
            await using (file.ConfigureAwait(false))
            {
                return await JsonSerializer.DeserializeAsync<LabStateFile>(
                    file, Json, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new MeshException(
                MeshErrorCode.LabNotRunning,
                $"The lab in '{folder}' belongs to another user; start one of your own with Start-MeshLab.",
                folder,
                e);
        }
        catch (JsonException e)
        {
            throw new MeshException(
                MeshErrorCode.LabNotRunning,
                $"'{folder}' holds a lab.json that is not a lab's: {e.Message}",
                folder,
                e);
        }
    }
}
