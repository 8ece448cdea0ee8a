BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace paths
    $vms = Get-TestVm
    $null = $vms | Start-VmApp -Name paths -Image { "x/http_springboot_$($_.Version):1.0.1" }
    $vms[0] | Test-MeshPath -Uri "http://$($vms[0].Address):8001/hello/ready" | Out-Null
}

AfterAll {
    $null = $vms | Stop-VmApp -Name paths
    Disconnect-Mesh
}

Describe 'Test-MeshPath' {
    It 'tests from every VM of the pipeline' {
        $paths = $vms | Test-MeshPath -Uri "http://$($vms[1].Address):8001/hello/eric"
        $paths.From | Sort-Object | Should -Be 'vm1', 'vm2', 'vm3'
        $paths.Success | Should -Not -Contain $false
        $paths[0].Hops[0].Greeting | Should -Be 'Bonjour'
    }
    It 'makes a URL of each object by a script block' {
        $paths = $vms | Test-MeshPath -Uri { "http://$($_.Address):8001/hello/self" }
        ($paths | Sort-Object From).Hops.Greeting | Should -Be 'Hello', 'Bonjour', 'Hola'
    }
    It 'tests from here without any VM' {
        $path = Test-MeshPath "http://$($vms[2].Address):8001/hello/eric"
        $path.From | Should -Be 'local'
        $path.Hops.Greeting | Should -Be 'Hola'
    }
    It 'gives a dead path as a result with its stage and remedy' {
        $path = $vms[0] | Test-MeshPath "http://$($vms[0].Address):9/"
        $path.Success | Should -BeFalse
        $path.FailedStage | Should -Be 'Connect'
        $path.Detail | Should -BeLike '*is the app running there*'
    }
    It 'shows in a table where it failed' {
        $vms[0] | Test-MeshPath 'http://nowhere-svc.paths.svc.cluster.local:8001/' | Out-String -Width 200 | Should -Match 'vm1\s+False\s+Resolve'
    }
    It 'becomes JSON' {
        $path = Test-MeshPath "http://$($vms[0].Address):8001/hello/eric" | ConvertTo-Json -Depth 4 | ConvertFrom-Json
        $path.Hops[0].Address | Should -Be $vms[0].Address
    }
    It 'says what a pod is named by' {
        { Test-MeshPath http://127.0.0.1:1/ -FromPod app=none } | Should -Throw -ErrorId 'ObjectNotFound,*' -ExpectedMessage '*Get-MeshPod*'
    }
}
