# Dot-sourced by the tests of weights: a VirtualService with two routes over the lab's VMs, in a namespace of its own.
function New-TestRoute {
    param([Parameter(Mandatory)] [string] $Namespace, [string] $Gateway)

    $null = Connect-TestMesh -Namespace $Namespace
    $null = Get-TestVm | New-MeshVmApp -ServiceName routes-svc -Port http:8001
    $destinations = foreach ($weights in @(30, 60, 10), @(90, 5, 5)) {
        , @(0..2 | ForEach-Object { @{ destination = @{ host = 'routes-svc'; subset = "v$($_ + 1)" }; weight = $weights[$_] } })
    }
    $objects = @(
        @{
            apiVersion = 'networking.istio.io/v1beta1'; kind = 'DestinationRule'
            metadata   = @{ name = 'routes-dr'; namespace = $Namespace }
            spec       = @{ host = 'routes-svc'; subsets = @('v1', 'v2', 'v3' | ForEach-Object { @{ name = $_; labels = @{ version = $_ } } }) }
        }
        @{
            apiVersion = 'networking.istio.io/v1beta1'; kind = 'VirtualService'
            metadata   = @{ name = 'routes-vs'; namespace = $Namespace }
            spec       = @{
                hosts = @('routes-svc')
                http  = @(
                    @{ name = 'hello-route'; match = @(@{ uri = @{ prefix = '/hello' } }); route = $destinations[0] }
                    @{ name = 'bye-route'; match = @(@{ uri = @{ exact = '/bye' } }); route = $destinations[1] }
                )
            }
        }
    )
    if ($Gateway) {
        $objects[1].spec.hosts = @('*')
        $objects[1].spec.gateways = @($Gateway)
    }

    Publish-TestObject $objects -Namespace $Namespace
}

function Publish-TestObject {
    param([object[]] $Object, [string] $Namespace)

    $manifest = Join-Path ([IO.Path]::GetTempPath()) "hybridmesh-pester-$PID-$Namespace.yaml"
    Set-Content $manifest (($Object | ForEach-Object { ConvertTo-Json $_ -Depth 9 }) -join "`n---`n")
    try {
        $null = Publish-MeshManifest -Path $manifest -Force
    }
    finally {
        Remove-Item $manifest
    }
}

# The routes with apps behind them, and the URL by which they are reached: a Gateway on a port of its own is bound to them.
function New-TestEntry {
    param([Parameter(Mandatory)] [string] $Namespace, [int] $Port = 8010)

    New-TestRoute -Namespace $Namespace -Gateway entry-gateway
    $objects = @(
        @{
            apiVersion = 'networking.istio.io/v1beta1'; kind = 'Gateway'
            metadata   = @{ name = 'entry-gateway'; namespace = $Namespace }
            spec       = @{
                selector = @{ istio = 'ingressgateway' }
                servers  = @(@{ port = @{ number = $Port; name = 'http'; protocol = 'HTTP' }; hosts = @('*') })
            }
        }
    )
    Publish-TestObject $objects -Namespace "$Namespace-gateway"
    $null = Get-TestVm | Start-VmApp -Name routes -Image { "x/http_springboot_$($_.Version):1.0.1" }
    $uri = "http://$((Get-MeshConnection).IngressAddress):$Port/hello/eric"
    $deadline = [DateTime]::UtcNow.AddSeconds(30)
    while (-not (Test-MeshPath $uri).Success) {
        if ([DateTime]::UtcNow -gt $deadline) { throw "$uri does not answer: $((Test-MeshPath $uri).Detail)" }
    }

    $uri
}

# Gives the port and the VMs' apps back to the next test.
function Remove-TestEntry {
    param([Parameter(Mandatory)] [string] $Namespace)

    $null = Get-TestVm | Stop-VmApp -Name routes
}

# Kills a session in the middle of a shift, as a crash would.
function Stop-TestShift {
    param([string] $Namespace, [string] $Uri, [string] $Step)

    $command = "Import-Module '$RepositoryRoot/HybridMesh.psd1'; Connect-Mesh -Lab -LabPath '$TestLabPath' -Namespace $Namespace; " +
        "Invoke-TrafficShift routes-vs hello-route -Step $Step -Uri $Uri -Count 10000000"
    $process = Start-Process ([Environment]::ProcessPath) -ArgumentList '-NoProfile', '-NonInteractive', '-Command', "`"$command`"" -PassThru -RedirectStandardOutput /dev/null
    $deadline = [DateTime]::UtcNow.AddSeconds(60)
    while (-not (Get-TrafficShift routes-vs hello-route).Marker) {
        if ($process.HasExited -or [DateTime]::UtcNow -gt $deadline) { throw 'The shift did not begin.' }
    }

    $process.Kill()
    $process.WaitForExit()
}
