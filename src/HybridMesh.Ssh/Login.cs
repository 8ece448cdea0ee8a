using HybridMesh.Core;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace HybridMesh.Ssh;

/// <summary>Who logs in to one VM and by what: the keys found and the password given.</summary>
internal sealed class Login : IDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly List<string> _tried = [];
    private readonly List<string> _skipped = [];

    private Login(string userName) => UserName = userName;

    public string UserName { get; }

    public List<AuthenticationMethod> Methods { get; } = [];

    /// <summary>What was tried, for messages; never a secret.</summary>
    public string Description
    {
        get
        {
            string tried = _tried.Count == 0 ? "no key and no password" : string.Join(", ", _tried);
            return _skipped.Count == 0 ? tried : $"{tried} (left out: {string.Join(", ", _skipped)})";
        }
    }

    /// <exception cref="MeshException">KeyFileInvalid, when the VM's key file can't be used.</exception>
    public static Login For(MeshVm vm, SshOptions options)
    {
        string? credentialUser = options.Credential?.UserName is { Length: > 0 } name ? name : null;
        Login login = new(credentialUser ?? vm.User ?? Environment.UserName);
        try
        {
            login.AddKeys(vm);
            if (options.Credential is { } credential)
            {
                login.AddPassword(credential.Password);
            }

            return login;
        }
        catch
        {
            login.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (IDisposable item in _owned)
        {
            item.Dispose();
        }
    }

    private void AddKeys(MeshVm vm)
    {
        List<PrivateKeyFile> keys = [];
        if (SshFolder.Expand(vm.KeyFile) is { } file)
        {
            keys.Add(Load(file, vm));
            _tried.Add($"key '{file}'");
        }
        else
        {
            foreach (string candidate in SshFolder.DefaultKeys.Where(File.Exists))
            {
                try
                {
                    keys.Add(Load(candidate, vm));
                    _tried.Add($"key '{candidate}'");
                }
                catch (MeshException e)
                {
                    _skipped.Add(e.Message);
                }
            }
        }

        if (keys.Count > 0)
        {
            _owned.AddRange(keys);
            Own(new PrivateKeyAuthenticationMethod(UserName, [.. keys]));
        }
    }

    private void AddPassword(string password)
    {
        Own(new PasswordAuthenticationMethod(UserName, password));
        KeyboardInteractiveAuthenticationMethod interactive = new(UserName);
        // Servers with PAM often offer only this; a prompt that hides its answer asks for the password.
        interactive.AuthenticationPrompt += (_, e) =>
        {
            foreach (AuthenticationPrompt prompt in e.Prompts.Where(prompt => !prompt.IsEchoed))
            {
                prompt.Response = password;
            }
        };
        Own(interactive);
        _tried.Add("the password of -Credential");
    }

    private void Own<T>(T method)
        where T : AuthenticationMethod, IDisposable
    {
        Methods.Add(method);
        _owned.Add(method);
    }

    private static PrivateKeyFile Load(string file, MeshVm vm)
    {
        try
        {
            return new PrivateKeyFile(file);
        }
        catch (SshPassPhraseNullOrEmptyException e)
        {
            throw Invalid(
                $"Key file '{file}' is protected by a passphrase, which can't be asked for here. Name a key without "
                + "one (ssh-keygen -p takes it off a copy), or give a password with -Credential and no KeyFile.",
                vm, e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Invalid($"Key file '{file}' of VM {vm} does not exist.", vm, e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw Invalid($"Key file '{file}' of VM {vm} can't be read: {e.Message}", vm, e);
        }
        catch (Exception e) when (e is SshException or FormatException or ArgumentException or NotSupportedException
            or InvalidOperationException or System.Security.Cryptography.CryptographicException)
        {
            string hint = file.EndsWith(".pub", StringComparison.OrdinalIgnoreCase)
                ? "That is the public half; name the file without .pub."
                : "It must be a private key as ssh-keygen makes it.";
            throw Invalid($"Key file '{file}' of VM {vm} is no usable private key ({e.Message}) {hint}", vm, e);
        }
    }

    private static MeshException Invalid(string message, MeshVm vm, Exception cause) =>
        new(MeshErrorCode.KeyFileInvalid, message, vm, cause);
}
