BeforeAll {
    . $PSScriptRoot/common.ps1
    $null = Connect-TestMesh -Namespace pester-get
    $null = Get-MeshVmApp | Remove-MeshVmApp -Confirm:$false
    $null = '10.0.0.1', '10.0.0.2' | New-MeshVmApp hello2-svc http:8001
    $null = '10.0.0.1' | New-MeshVmApp other grpc:7001
}

Describe 'Get-MeshVmApp' {
    It 'lists the apps with their VMs' {
        $apps = Get-MeshVmApp

        $apps.ServiceName | Should -Be 'hello2-svc', 'other'
        $apps[0].WorkloadEntries.Address | Should -Be '10.0.0.1', '10.0.0.2'
        $apps[0].Provider | Should -Be 'Istio'
        "$($apps[1].Ports)" | Should -Be 'grpc:7001'
    }

    It 'takes wildcards and objects with ServiceName' {
        (Get-MeshVmApp oth*).ServiceName | Should -Be 'other'
        ([pscustomobject]@{ ServiceName = 'other' } | Get-MeshVmApp).ServiceName | Should -Be 'other'
    }

    It 'says which name is not registered' {
        { Get-MeshVmApp no-such -ErrorAction Stop } | Should -Throw -ErrorId 'ObjectNotFound,*'
        Get-MeshVmApp no-such* | Should -BeNullOrEmpty
    }

    It 'shows a table' {
        Get-MeshVmApp other | Out-String | Should -Match 'other\s+grpc:7001'
    }
}
