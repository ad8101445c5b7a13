using System.Reflection;
using ILGPU;
using ILGPU.Runtime;

namespace GpuNets.Kernels;

/// <summary>Compiled kernels of one device by entry method. A kernel that failed to compile fails again with the same error.</summary>
internal sealed class KernelCache(Device device)
{
    private readonly Dictionary<(Type Kernel, string Entry), Delegate> _launchers = [];

    public IEnumerable<(Type Kernel, string Entry)> Loaded => _launchers.Keys;

    public Action<AcceleratorStream, KernelConfig, TKernel, int> Get<TKernel>(string entry, int groupSize) where TKernel : struct
    {
        if (_launchers.TryGetValue((typeof(TKernel), entry), out var cached))
            return (Action<AcceleratorStream, KernelConfig, TKernel, int>)cached;
        var method = typeof(DeviceEntries).GetMethod(entry, BindingFlags.Static | BindingFlags.Public)!.MakeGenericMethod(typeof(TKernel));
        var launcher = Load<Action<AcceleratorStream, KernelConfig, TKernel, int>>(method, groupSize);
        _launchers[(typeof(TKernel), entry)] = launcher;
        return launcher;
    }

    /// <summary>Compiles and loads an explicitly grouped kernel method for this device.</summary>
    public TDelegate Load<TDelegate>(MethodInfo method, int maxGroupSize) where TDelegate : Delegate
    {
        try
        {
            return device.Compiler.Load<TDelegate>(method, maxGroupSize);
        }
        catch (Exception error) when (error is not GpuNetsException)
        {
            throw new KernelCompilationException(Describe(method), device.Name, error);
        }
    }

    /// <summary>Name of a kernel method with its type arguments, as a reader would write it.</summary>
    public static string Describe(MethodInfo method) =>
        method.IsGenericMethod
            ? $"{method.DeclaringType?.Name}.{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(Describe))}>"
            : $"{method.DeclaringType?.Name}.{method.Name}";

    public static string Describe(Type type)
    {
        string outer = type.DeclaringType is { IsGenericType: false } declaring ? $"{declaring.Name}." : "";
        return type.IsGenericType && type.Name.Contains('`')
            ? $"{outer}{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Describe))}>"
            : outer + type.Name;
    }
}
