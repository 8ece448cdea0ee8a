using System.Globalization;
using System.Net;
using System.Text;

namespace HybridMesh.Core;

/// <summary>Reads lists of VMs from files.</summary>
public sealed class VmList
{
    private readonly IInventoryFormat _yaml;

    /// <summary>Makes a reader; YAML is read by an adapter.</summary>
    public VmList(IInventoryFormat yaml) => _yaml = yaml;

    /// <summary>Reads a file whose extension tells its notation: .csv, .json, .yaml or .yml.</summary>
    /// <exception cref="MeshException">
    /// FileNotFound, or InventoryInvalid when no row can be told from another.
    /// </exception>
    public VmListContent ReadFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        IInventoryFormat format = FormatOf(path);
        return Read(TextOf(path), format, path);
    }

    private static VmListContent Read(string text, IInventoryFormat format, string path)
    {
        List<InventoryRow> rows = [];
        try
        {
            rows.AddRange(format.Read(text));
            rows.ForEach(row => InventoryNames.Check(row.Line, row.Values.Keys));
        }
        catch (InventoryFormatException e)
        {
            throw Invalid(path, e.Line, e.Message, e);
        }

        if (rows.Count == 0)
        {
            throw Invalid(path, line: 1, "the list names no VM; each needs at least an Address.");
        }

        List<MeshVm> vms = [];
        List<MeshException> errors = [];
        Duplicates duplicates = new();
        foreach (InventoryRow row in rows)
        {
            (MeshVm? vm, MeshException? error) = ReadRow(row, path, duplicates);
            if (vm is not null)
            {
                vms.Add(vm);
            }

            if (error is not null)
            {
                errors.Add(error);
            }
        }

        return new VmListContent(path, rows.Count, errors.Count == 0 ? vms : [], errors);
    }

    private static (MeshVm? Vm, MeshException? Error) ReadRow(InventoryRow row, string path, Duplicates duplicates)
    {
        if (row.Problem is not null)
        {
            return (null, Invalid(path, row.Line, row.Problem));
        }

        MeshVm vm;
        try
        {
            vm = MeshVmReader.Read(name => row.Values.GetValueOrDefault(name), Place(path, row.Line));
        }
        catch (MeshException e)
        {
            return (null, new MeshException(e.Code, e.Message, path, e));
        }

        List<string> wrong = [.. MeshVmRules.Violations(vm), .. duplicates.Find(vm, row.Line)];
        return wrong.Count == 0
            ? (vm with { KeyFile = Locate(vm.KeyFile, path), KnownHostsFile = Locate(vm.KnownHostsFile, path) }, null)
            : (null, Invalid(path, row.Line, string.Join(' ', wrong)));
    }

    private static string? Locate(string? file, string listPath)
    {
        if (file is null)
        {
            return null;
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string expanded = file == "~" ? home
            : file.StartsWith("~/", StringComparison.Ordinal) || file.StartsWith("~\\", StringComparison.Ordinal)
                ? Path.Combine(home, file[2..])
                : file;
        return Path.GetFullPath(expanded, Path.GetDirectoryName(Path.GetFullPath(listPath))!);
    }

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(
                path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new MeshException(MeshErrorCode.FileNotFound, $"There is no file '{path}'.", path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MeshException(
                MeshErrorCode.InventoryInvalid, $"'{path}' can't be read: {e.Message}", path, e);
        }
        catch (DecoderFallbackException e)
        {
            throw new MeshException(
                MeshErrorCode.InventoryInvalid, $"'{path}' is not UTF-8; save it with that encoding.", path, e);
        }
    }

    private IInventoryFormat FormatOf(string path) => Path.GetExtension(path).ToUpperInvariant() switch
    {
        ".CSV" => new CsvInventory(),
        ".JSON" => new JsonInventory(),
        ".YAML" or ".YML" => _yaml,
        _ when !File.Exists(path) => throw new MeshException(
            MeshErrorCode.FileNotFound, $"There is no file '{path}'.", path),
        string other => throw new MeshException(
            MeshErrorCode.InventoryInvalid,
            $"'{path}' ends in '{other}'; a list of VMs is a .csv, .json, .yaml or .yml file.", path),
    };

    private static string Place(string path, int line) =>
        string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)} line {line}");

    private static MeshException Invalid(string path, int line, string message, Exception? cause = null) =>
        new(MeshErrorCode.InventoryInvalid, $"{Place(path, line)}: {message}", path, cause);

    /// <summary>Names and addresses seen so far, with their lines.</summary>
    private sealed class Duplicates
    {
        private readonly Dictionary<string, int> _names = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<(IPAddress, string), int> _addresses = [];

        public List<string> Find(MeshVm vm, int line)
        {
            List<string> found = [];
            if (!_names.TryAdd(vm.Name, line))
            {
                found.Add(string.Create(
                    CultureInfo.InvariantCulture, $"Name '{vm.Name}' is taken by line {_names[vm.Name]}; give each "
                        + $"VM its own."));
            }

            if (IPAddress.TryParse(vm.Address, out IPAddress? address)
                && !_addresses.TryAdd((address, vm.Network ?? ""), line))
            {
                found.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"Address {vm.Address} is taken by line {_addresses[(address, vm.Network ?? "")]}; the mesh "
                        + $"can't tell the two apart unless their Network differs."));
            }

            return found;
        }
    }
}

/// <summary>What a file holds.</summary>
/// <param name="Path">The file.</param>
/// <param name="RowCount">How many VMs it names.</param>
/// <param name="Vms">The VMs; none when a row is wrong.</param>
/// <param name="Errors">One for each wrong row.</param>
public sealed record VmListContent(
    string Path, int RowCount, IReadOnlyList<MeshVm> Vms, IReadOnlyList<MeshException> Errors);
