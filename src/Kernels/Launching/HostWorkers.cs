namespace GpuNets.Kernels;

/// <summary>A range of parts to be run by several threads.</summary>
internal interface IHostJob
{
    void Part(int index);
}

/// <summary>
/// The threads of the CPU device. The caller is one of them; the others spin for a moment after a job and then sleep, so that the small
/// launches of a training step cost a few microseconds (an ILGPU launch on the CPU accelerator costs 50 to 150).
/// </summary>
internal sealed class HostWorkers : IDisposable
{
    private const int SpinsBeforeSleep = 2000;   // some 20 to 40 us: longer than the gap between two launches of a step

    private readonly Thread[] _threads;
    private readonly ManualResetEventSlim _wake = new(false, 0);
    private volatile Round? _current;
    private volatile bool _stop;

    public HostWorkers(int threads)
    {
        Count = threads;
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"GpuNets host worker {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that work on a job, the caller included.</summary>
    public int Count { get; }

    /// <summary>Runs parts 0..parts-1 of a job and returns when all are done. An exception of a part is thrown here.</summary>
    public void Run<TJob>(int parts, TJob job) where TJob : struct, IHostJob
    {
        if (parts <= 1 || _threads.Length == 0)
        {
            for (int i = 0; i < parts; i++) job.Part(i);
            return;
        }
        var round = new Round<TJob>(job, parts);
        _current = round;
        _wake.Set();
        round.Help();
        var wait = new SpinWait();
        while (!round.IsDone) wait.SpinOnce(sleep1Threshold: -1);
        _wake.Reset();
        _current = null;
        round.Error?.Throw();
    }

    public void Dispose()
    {
        _stop = true;
        _wake.Set();
        foreach (var thread in _threads) thread.Join();
        _wake.Dispose();
    }

    private void Work()
    {
        Round? last = null;
        while (!_stop)
        {
            int spins = 0;
            Round? round;
            while (((round = _current) is null || ReferenceEquals(round, last)) && !_stop)
            {
                if (++spins < SpinsBeforeSleep) Thread.SpinWait(4);
                else _wake.Wait(100);   // the time bounds a wake-up missed between Set and Reset
            }
            if (round is null) continue;
            round.Help();
            last = round;
        }
    }

    private abstract class Round(int parts)
    {
        private int _next, _done;

        public System.Runtime.ExceptionServices.ExceptionDispatchInfo? Error { get; private set; }

        public bool IsDone => Volatile.Read(ref _done) >= parts;

        protected abstract void Part(int index);

        public void Help()
        {
            int index;
            while ((index = Interlocked.Increment(ref _next) - 1) < parts)
            {
                try { Part(index); }
                catch (Exception error) { Error ??= System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(error); }
                Interlocked.Increment(ref _done);
            }
        }
    }

    private sealed class Round<TJob>(TJob job, int parts) : Round(parts) where TJob : struct, IHostJob
    {
        private readonly TJob _job = job;

        protected override void Part(int index) => _job.Part(index);
    }
}
